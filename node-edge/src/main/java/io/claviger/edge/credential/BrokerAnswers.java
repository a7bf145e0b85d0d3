package io.claviger.edge.credential;

import io.claviger.edge.revocation.MinPositions;
import io.claviger.edge.revocation.PodRevocations;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.edge.workload.WorkloadTokens;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.event.ServedFrom;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Applies a broker's answers to the caches and trusted tokens of this node. Thread-safe. */
public final class BrokerAnswers {

  /**
   * After an answer from before a change, a broker has the current one as soon as it has caught up.
   */
  private static final Duration CATCHING_UP = Duration.ofMillis(50);

  private final WorkloadTokens tokens;
  private final RefreshTokens refreshTokens;
  private final SessionCache sessions;
  private final RefusalCache refusals;
  private final MinPositions minPositions;
  private final PodRevocations podRevocations;
  private final ServedPods served;

  public BrokerAnswers(
      WorkloadTokens tokens,
      NodeMemory memory,
      MinPositions minPositions,
      PodRevocations podRevocations,
      ServedPods served) {
    this.tokens = tokens;
    this.refreshTokens = memory.refreshTokens();
    this.sessions = memory.sessions();
    this.refusals = memory.refusals();
    this.minPositions = minPositions;
    this.podRevocations = podRevocations;
    this.served = served;
  }

  /**
   * Applies an answer.
   *
   * @param refresh whether this is a refresh for which no pod waits; its refusal is not cached, so
   *     that the next request reaches a broker
   */
  CredentialOutcome read(Requester requester, CredentialReply reply, boolean refresh) {
    return switch (reply) {
      case CredentialReply.Issued issued -> issued(requester, issued);
      case CredentialReply.Refused refused -> refused(requester, refused, refresh);
      case CredentialReply.Unavailable(var message, var retryAfterMillis) ->
          new CredentialOutcome.Unavailable(
              message,
              new CredentialOutcome.Again(Duration.ofMillis(Math.max(0, retryAfterMillis)), false));
    };
  }

  private CredentialOutcome issued(Requester requester, CredentialReply.Issued issued) {
    minPositions.saw(issued.position());
    VerifiedToken proven = proven(requester, issued);
    if (proven == null) {
      return unavailable("a broker answered for another workload");
    }
    // Before the check: a deletion that is reported after this line finds the pod.
    served.add(proven);
    if (tokens.isDeleted(proven.workload().podUid())) {
      served.forget(proven.workload().podUid());
      return NewPodCheck.DELETED;
    }
    boolean revoked = podRevocations.revokes(proven.workload());
    if (revoked && !podRevocations.isKnownAt(issued.position())) {
      return outdated();
    }
    return switch (sessions.store(issued)) {
      case STORED -> {
        if (!revoked) {
          refreshTokens.saw(requester.token(), proven);
        }
        yield new CredentialOutcome.Issued(
            proven.workload(),
            issued.associationId(),
            issued.revision(),
            issued.credentials(),
            ServedFrom.BROKER);
      }
      case OUTDATED -> outdated();
      case TOO_SHORT -> unavailable("the session that a broker sent is about to end");
    };
  }

  private @Nullable VerifiedToken proven(Requester requester, CredentialReply.Issued issued) {
    return switch (requester) {
      case Requester.Known(var token, var verified) ->
          sameWorkload(verified.workload(), issued.workload()) ? verified : null;
      case Requester.Unknown(var token, var unproven) ->
          tokens.confirm(unproven, issued.workload(), issued.tokenExpires());
    };
  }

  /** Compares all but the node, which may be missing on either side. */
  private static boolean sameWorkload(WorkloadIdentity one, WorkloadIdentity other) {
    return one.podUid().equals(other.podUid())
        && AssociationKey.of(one).equals(AssociationKey.of(other));
  }

  private CredentialOutcome refused(
      Requester requester, CredentialReply.Refused refused, boolean refresh) {
    minPositions.saw(refused.position());
    if (isOutdated(refused)) {
      return outdated();
    }
    if (refused.reason().concernsIdentity()) {
      if (requester instanceof Requester.Known) {
        // Of other requesters this edge has accepted no token, so it has none to withdraw.
        tokens.suspect(requester.hash());
      }
      refreshTokens.forget(requester.hash());
    }
    if (!refresh) {
      refusals.remember(requester, refused);
    }
    return new CredentialOutcome.Refused(refused.reason(), refused.message());
  }

  private boolean isOutdated(CredentialReply.Refused refused) {
    if (refused.reason() == RefusalReason.POD_REVOKED) {
      // The pod may have been restored since.
      return !podRevocations.isKnownAt(refused.position());
    }
    WorkloadIdentity workload = refused.workload();
    return workload != null
        && !minPositions.permits(AssociationKey.of(workload), refused.position());
  }

  private static CredentialOutcome outdated() {
    return new CredentialOutcome.Unavailable(
        "the association has just changed", new CredentialOutcome.Again(CATCHING_UP, true));
  }

  private static CredentialOutcome unavailable(String message) {
    return new CredentialOutcome.Unavailable(message);
  }
}
