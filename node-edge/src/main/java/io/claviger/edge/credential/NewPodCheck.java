package io.claviger.edge.credential;

import io.claviger.edge.workload.VerifiedToken;
import io.claviger.edge.workload.WorkloadTokens;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RefusalReason;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whether a pod may be served from the cache. Its token proves its identity, not that the pod still
 * exists. The edge asks a broker once about each new pod. Thread-safe; never blocks.
 */
public final class NewPodCheck {

  static final CredentialOutcome DELETED =
      new CredentialOutcome.Refused(RefusalReason.INVALID_TOKEN, WorkloadTokens.DELETED);

  private static final CredentialOutcome NOT_ASKED =
      new CredentialOutcome.Unavailable("too many new pods are being checked: try again");

  private final ServedPods pods;
  private final PodLookup brokers;
  private final DeletedPods deleted;
  private final WorkloadTokens tokens;

  public NewPodCheck(
      ServedPods pods, PodLookup brokers, DeletedPods deleted, WorkloadTokens tokens) {
    this.pods = pods;
    this.brokers = brokers;
    this.deleted = deleted;
    this.tokens = tokens;
  }

  /** Whether the pod needs no check. */
  boolean isOver(VerifiedToken token) {
    return pods.serves(token);
  }

  /** Asks a broker; returns the outcome that prevents serving the pod, empty if there is none. */
  CompletionStage<Optional<CredentialOutcome>> obstacle(VerifiedToken token) {
    String uid = token.pod().uid();
    if (tokens.isDeleted(uid)) {
      return CompletableFuture.completedStage(Optional.of(DELETED));
    }
    return brokers
        .ask(ServedPods.pod(token))
        .thenApply(
            presence ->
                switch (presence) {
                  case THERE -> served(token);
                  case GONE -> {
                    deleted.deleted(uid);
                    yield Optional.of(DELETED);
                  }
                  // The policy is for an unreachable cluster; here the broker chose not to ask it.
                  case NOT_ASKED -> Optional.of(NOT_ASKED);
                  case UNKNOWN ->
                      pods.policy() == PodPolicy.REQUIRED
                          // Nothing cached is served; the credentials are requested from a broker.
                          ? Optional.empty()
                          // From now on the pod is reported to brokers; one reports it gone once it
                          // can.
                          : served(token);
                });
  }

  private Optional<CredentialOutcome> served(VerifiedToken token) {
    pods.add(token);
    if (tokens.isDeleted(token.pod().uid())) {
      // Another broker has reported the deletion meanwhile.
      pods.forget(token.pod().uid());
      return Optional.of(DELETED);
    }
    return Optional.empty();
  }
}
