package io.claviger.broker.ingress.api;

import io.claviger.broker.association.Grants;
import io.claviger.broker.identity.TokenVerifier;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.issuance.CredentialIssuer;
import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * AssumeRoleForPodIdentity, which a node's agent calls with a pod's own token. The access key needs
 * a grant. A key that is bound to a node gets only the credentials of that node's pods.
 */
final class PodCredentials {

  private static final String AUDIENCE = "pods.eks.amazonaws.com";

  private final ClusterAccess access;
  private final AssociationArns arns;
  private final Supplier<Grants> grants;
  private final TokenVerifier tokens;
  private final CredentialIssuer issuer;

  PodCredentials(
      ClusterAccess access,
      AssociationArns arns,
      Supplier<Grants> grants,
      TokenVerifier tokens,
      CredentialIssuer issuer) {
    this.access = access;
    this.arns = arns;
    this.grants = grants;
    this.tokens = tokens;
    this.issuer = issuer;
  }

  CompletionStage<ApiAnswer> assume(ApiCall call) {
    String cluster = call.path("clusterName");
    Optional<Failed> refusal = access.refusal(call, cluster);
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(refusal.get());
    }
    // Checks the grant first: a caller without one must not cause calls to the cluster.
    Optional<String> missing = grants.get().missingToAssume(call.caller().principal(), cluster);
    if (missing.isPresent()) {
      return CompletableFuture.completedFuture(ApiErrors.notGranted(missing.get()));
    }
    Caller caller = new Caller(cluster, call.caller().node());
    // An agent's request may be a renewal, so the pod must still exist.
    return tokens
        .verify(call.body().getString("token"), caller, RequestPriority.ROUTINE)
        .thenCompose(verification -> assume(call, verification));
  }

  private CompletionStage<ApiAnswer> assume(ApiCall call, TokenVerification verification) {
    return switch (verification) {
      case TokenVerification.Rejected(var reason, var message) ->
          CompletableFuture.completedFuture(new Failed(code(reason), message));
      case TokenVerification.UnknownKey unknown ->
          CompletableFuture.completedFuture(
              ApiErrors.unavailable("keys of the issuer cannot be fetched now"));
      case TokenVerification.Unconfirmed(var message) ->
          CompletableFuture.completedFuture(ApiErrors.unavailable(message));
      case TokenVerification.Verified verified -> issue(call, verified.workload());
    };
  }

  private CompletionStage<ApiAnswer> issue(ApiCall call, WorkloadIdentity workload) {
    Optional<String> missing =
        grants
            .get()
            .missingToAssume(call.caller().principal(), workload.cluster(), workload.namespace());
    return missing.isPresent()
        ? CompletableFuture.completedFuture(ApiErrors.notGranted(missing.get()))
        : issuer
            .issue(workload, RequestPriority.FIRST, Position.NONE)
            .thenApply(outcome -> answer(workload, outcome));
  }

  private ApiAnswer answer(WorkloadIdentity workload, IssueOutcome outcome) {
    return switch (outcome) {
      case IssueOutcome.Issued issued -> ApiAnswer.of(shape(workload, issued));
      case IssueOutcome.Refused refused -> new Failed(code(refused.reason()), refused.message());
      case IssueOutcome.Unavailable later -> ApiErrors.unavailable(later.message());
    };
  }

  private static String code(RefusalReason reason) {
    return switch (reason) {
      case EXPIRED_TOKEN -> ApiErrors.EXPIRED_TOKEN;
      case INVALID_TOKEN, PREMATURE_TOKEN, WRONG_AUDIENCE -> ApiErrors.INVALID_TOKEN;
      case WRONG_NODE, NOT_GRANTED, ROLE_REVOKED, POD_REVOKED, ROLE_DENIED ->
          ApiErrors.ACCESS_DENIED;
      case NO_ASSOCIATION -> ApiErrors.NOT_FOUND;
      case ROLE_MISCONFIGURED -> ApiErrors.INVALID_REQUEST;
    };
  }

  private JsonObject shape(WorkloadIdentity workload, IssueOutcome.Issued issued) {
    SessionCredentials session = issued.credentials();
    return new JsonObject()
        .put(
            "subject",
            new JsonObject()
                .put("namespace", workload.namespace())
                .put("serviceAccount", workload.serviceAccount()))
        .put("audience", AUDIENCE)
        .put(
            "podIdentityAssociation",
            new JsonObject()
                .put("associationArn", arns.of(issued.association()))
                .put("associationId", issued.association().id()))
        .put(
            "assumedRoleUser",
            new JsonObject()
                .put("arn", session.assumedRoleArn())
                .put("assumeRoleId", session.assumedRoleId()))
        .put(
            "credentials",
            new JsonObject()
                .put("sessionToken", session.sessionToken())
                .put("secretAccessKey", session.secretAccessKey())
                .put("accessKeyId", session.accessKeyId())
                .put("expiration", AssociationShapes.timestamp(session.expiration())));
  }
}
