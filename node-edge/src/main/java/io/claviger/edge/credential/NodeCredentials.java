package io.claviger.edge.credential;

import io.claviger.edge.revocation.PodRevocations;
import io.claviger.edge.revocation.StalenessGuard;
import io.claviger.edge.workload.TokenAge;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.event.ServedFrom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node gives to whom: from memory where it may, by one flight a workload where it must
 * ask. Thread-safe; never blocks.
 */
public final class NodeCredentials {

  private final SessionCache sessions;
  private final RefusalCache refusals;
  private final RefreshTokens refreshTokens;
  private final Fetcher fetcher;
  private final StalenessGuard staleness;
  private final PodRevocations podRevocations;
  private final NewPodCheck newPodCheck;
  private final TokenAge age;

  public NodeCredentials(
      NodeMemory memory,
      Fetcher fetcher,
      StalenessGuard staleness,
      PodRevocations podRevocations,
      NewPodCheck newPodCheck,
      TokenAge age) {
    this.sessions = memory.sessions();
    this.refusals = memory.refusals();
    this.refreshTokens = memory.refreshTokens();
    this.fetcher = fetcher;
    this.staleness = staleness;
    this.podRevocations = podRevocations;
    this.newPodCheck = newPodCheck;
    this.age = age;
  }

  /**
   * What is cached for whom the token names; absent when a broker has to be asked.
   *
   * @param token as it came: sessions are refreshed with it
   * @param check what it proves
   */
  public @Nullable CachedSession cached(String token, TokenCheck.Verified check) {
    if (!newPodCheck.isOver(check.token())) {
      return null;
    }
    CachedSession cached = servable(check.token());
    if (cached != null) {
      served(token, check.token());
    }
    return cached;
  }

  /**
   * Only tokens of pods that are served are kept: there is nothing to be refreshed for others, and
   * what others share is not refreshed with the token of a pod that will be refused.
   */
  private void served(String token, VerifiedToken verified) {
    if (!podRevocations.revokes(verified.workload())) {
      refreshTokens.saw(token, verified);
    }
  }

  /**
   * What is too old to be believed is not served, nor anything to a pod that is revoked: a broker
   * has to be asked.
   */
  private @Nullable CachedSession servable(VerifiedToken token) {
    return staleness.stale() || podRevocations.revokes(token.workload())
        ? null
        : sessions.find(token);
  }

  /**
   * Asks for somebody who has proven who it is.
   *
   * @param wanted how long an answer is waited for
   */
  public CompletionStage<PodAnswer> obtain(String token, VerifiedToken verified, Duration wanted) {
    return ask(token, verified, wanted)
        .thenApply(outcome -> orEarly(outcome, token, () -> refusals.forgotten(verified)));
  }

  /** A broker has verified the token before it says that there is no association. */
  private PodAnswer orEarly(
      CredentialOutcome outcome, String token, Supplier<CompletionStage<Void>> change) {
    return outcome instanceof CredentialOutcome.Refused(var reason, var message)
            && reason == RefusalReason.NO_ASSOCIATION
            && age.isYoung(token)
        ? new PodAnswer.Early(message + "; the pod has just started: ask again", change.get())
        : outcome;
  }

  private CompletionStage<CredentialOutcome> ask(
      String token, VerifiedToken verified, Duration wanted) {
    // A broker that is asked for credentials says itself whether the pod is there.
    if (newPodCheck.isOver(verified) || servable(verified) == null) {
      return knownOrAsked(token, verified, wanted);
    }
    return newPodCheck
        .obstacle(verified)
        .thenCompose(
            obstacle ->
                obstacle
                    .map(CompletableFuture::completedStage)
                    .orElseGet(() -> knownOrAsked(token, verified, wanted)));
  }

  private CompletionStage<CredentialOutcome> knownOrAsked(
      String token, VerifiedToken verified, Duration wanted) {
    CredentialOutcome known = known(verified);
    if (known instanceof CredentialOutcome.Refused) {
      return CompletableFuture.completedStage(known);
    }
    CompletionStage<CredentialOutcome> outcome =
        known != null
            ? CompletableFuture.completedStage(known)
            : fetcher.first(new Requester.Known(token, verified), wanted, () -> known(verified));
    return outcome.thenApply(
        ended -> {
          if (ended instanceof CredentialOutcome.Issued) {
            served(token, verified);
          }
          return ended;
        });
  }

  private @Nullable CredentialOutcome known(VerifiedToken verified) {
    CachedSession cached = newPodCheck.isOver(verified) ? servable(verified) : null;
    return cached != null
        ? new CredentialOutcome.Issued(
            verified.workload(),
            cached.associationId(),
            cached.revision(),
            cached.credentials(),
            ServedFrom.MEMORY)
        : refusals.find(verified);
  }

  /**
   * Asks for somebody of whom nothing is proven here: joined with nobody but senders of the same
   * token, answered with nothing that is cached.
   *
   * @param wanted how long an answer is waited for
   */
  public CompletionStage<PodAnswer> obtain(
      String token, TokenCheck.Unproven unproven, Duration wanted) {
    return ask(token, unproven, wanted)
        .thenApply(outcome -> orEarly(outcome, token, () -> refusals.forgotten(unproven.hash())));
  }

  private CompletionStage<CredentialOutcome> ask(
      String token, TokenCheck.Unproven unproven, Duration wanted) {
    CredentialOutcome.Refused refused = refusals.find(unproven.hash());
    return refused != null
        ? CompletableFuture.completedStage(refused)
        : fetcher.first(
            new Requester.Unknown(token, unproven), wanted, () -> refusals.find(unproven.hash()));
  }
}
