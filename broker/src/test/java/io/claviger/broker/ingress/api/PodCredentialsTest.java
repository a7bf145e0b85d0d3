package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.NamePattern;
import io.claviger.broker.identity.ApiCaller;
import io.claviger.broker.identity.TokenVerifier.Caller;
import io.claviger.broker.ingress.api.ApiAnswer.Done;
import io.claviger.broker.ingress.api.ApiAnswer.Failed;
import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatedRequestImpl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PodCredentialsTest {

  private static final WorkloadIdentity POD =
      new WorkloadIdentity("c1", "shop", "cart", "cart-0", "uid-1", "node-1");

  private static final String SECRET = "the secret of a session";
  private static final IssueOutcome ISSUED =
      new IssueOutcome.Issued(
          new SessionCredentials(
              "ASIAEXAMPLE",
              SECRET,
              "session token",
              "111122223333",
              "arn:aws-cn:sts::111122223333:assumed-role/reader/shop-cart",
              "AROAEXAMPLE:shop-cart",
              Samples.CREATED,
              Samples.CREATED.plusSeconds(3600)),
          Samples.association(null),
          TagScope.SERVICE_ACCOUNT,
          Position.NONE);

  private TokenVerification verification =
      new TokenVerification.Verified(POD, Instant.parse("2026-11-24T13:00:00Z"), "key-1");
  private IssueOutcome outcome = new IssueOutcome.Unavailable("later", Duration.ZERO);
  private boolean assume = true;
  private final List<Caller> callers = new ArrayList<>();
  private final PodCredentials credentials =
      new PodCredentials(
          new ClusterAccess(Samples.ARNS, this::grants),
          Samples.ARNS,
          this::grants,
          (token, caller, priority) -> {
            callers.add(caller);
            return CompletableFuture.completedFuture(verification);
          },
          (workload, priority, minPosition, wait) -> CompletableFuture.completedFuture(outcome));

  private Grants grants() {
    NamePattern all = new NamePattern("*");
    return new Grants(
        List.of(new Grant("key/agent", all, List.of(all), List.of(), List.of(), assume, false)));
  }

  private ApiAnswer assume(@Nullable String node) {
    RequestParameter body = new RequestParameterImpl(new JsonObject().put("token", "a.b.c"));
    ValidatedRequest request =
        new ValidatedRequestImpl(
            Map.of(),
            Map.of(),
            Map.of("clusterName", new RequestParameterImpl("c1")),
            Map.of(),
            body);
    return credentials
        .assume(new ApiCall(new ApiCaller("agent", node), () -> true, request))
        .toCompletableFuture()
        .join();
  }

  private void assertFailed(ApiAnswer answer, String code, String message) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(code);
              assertThat(failed.message()).contains(message);
            });
  }

  @Test
  void answerInTheShapeThatAgentsRead() {
    outcome = ISSUED;

    JsonObject answer = ((Done) assume("node-1")).body();

    assertThat(answer.getJsonObject("subject"))
        .isEqualTo(new JsonObject().put("namespace", "shop").put("serviceAccount", "cart"));
    assertThat(answer.getString("audience")).isEqualTo("pods.eks.amazonaws.com");
    assertThat(answer.getJsonObject("podIdentityAssociation"))
        .isEqualTo(
            new JsonObject().put("associationArn", Samples.ARN).put("associationId", Samples.ID));
    assertThat(answer.getJsonObject("assumedRoleUser").fieldNames())
        .containsExactlyInAnyOrder("arn", "assumeRoleId");
    assertThat(answer.getJsonObject("credentials").fieldNames())
        .containsExactlyInAnyOrder("sessionToken", "secretAccessKey", "accessKeyId", "expiration");
    assertThat(answer.getJsonObject("credentials").getValue("expiration"))
        .isInstanceOf(Number.class);
    assertThat(assume("node-1").toString()).doesNotContain(SECRET);
  }

  @Test
  void haveTheTokenVerifiedForTheNodeOfTheKey() {
    assume("node-1");
    assume(null);

    assertThat(callers).containsExactly(new Caller("c1", "node-1"), new Caller("c1", null));
  }

  @Test
  void needTheGrantForIt() {
    outcome = ISSUED;
    assume = false;

    assertFailed(assume("node-1"), "AccessDeniedException", "assume: true");
  }

  @Test
  void sayWhyATokenIsRefused() {
    verification = new TokenVerification.Rejected(RefusalReason.WRONG_NODE, "another node");
    assertFailed(assume("node-2"), "AccessDeniedException", "another node");
    verification = new TokenVerification.Rejected(RefusalReason.EXPIRED_TOKEN, "has expired");
    assertFailed(assume("node-1"), "ExpiredTokenException", "has expired");
    verification = new TokenVerification.Rejected(RefusalReason.WRONG_AUDIENCE, "audience");
    assertFailed(assume("node-1"), "InvalidTokenException", "audience");
    verification = new TokenVerification.UnknownKey("key-9");
    assertFailed(assume("node-1"), "ServiceUnavailableException", "keys");
  }

  @Test
  void sayWhyThereIsNoSession() {
    assertFailed(assume("node-1"), "ServiceUnavailableException", "later");
    outcome =
        new IssueOutcome.Refused(RefusalReason.NO_ASSOCIATION, "no association", Position.NONE);
    assertFailed(assume("node-1"), "ResourceNotFoundException", "no association");
    outcome = new IssueOutcome.Refused(RefusalReason.ROLE_MISCONFIGURED, "trust", Position.NONE);
    assertFailed(assume("node-1"), "InvalidRequestException", "trust");
    outcome = new IssueOutcome.Refused(RefusalReason.POD_REVOKED, "revoked", Position.NONE);
    assertFailed(assume("node-1"), "AccessDeniedException", "revoked");
  }
}
