package io.claviger.edge.credential;

import io.claviger.edge.workload.VerifiedToken;
import io.claviger.edge.workload.WorkloadTokens;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.RefusalReason;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whether a pod may have what this node caches. Its token says who it is, not that it is still
 * there: of a pod that is new here a broker is asked, once. Thread-safe; never blocks.
 */
public final class NewPodCheck {

  static final CredentialOutcome DELETED =
      new CredentialOutcome.Refused(RefusalReason.INVALID_TOKEN, WorkloadTokens.DELETED);

  private static final CredentialOutcome NOT_ASKED =
      new CredentialOutcome.Unavailable("too many pods are seen for the first time: try again");

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

  /** Whether nobody has to be asked. */
  boolean isOver(VerifiedToken token) {
    return pods.serves(token);
  }

  /** What stands in the pod's way once a broker was asked; nothing when it may be served. */
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
                  // The policy is for a cluster that is away, not for one that is spared.
                  case NOT_ASKED -> Optional.of(NOT_ASKED);
                  case UNKNOWN ->
                      pods.policy() == PodPolicy.REQUIRED
                          // Nothing cached is served: a broker is asked for credentials.
                          ? Optional.empty()
                          // Reported to brokers from now on: once one can say, it does.
                          : served(token);
                });
  }

  private Optional<CredentialOutcome> served(VerifiedToken token) {
    pods.add(token);
    if (tokens.isDeleted(token.pod().uid())) {
      // Another broker has said so meanwhile.
      pods.forget(token.pod().uid());
      return Optional.of(DELETED);
    }
    return Optional.empty();
  }
}
