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
 * Answers requests for credentials: from the cache if permitted, otherwise by one flight per
 * workload. Thread-safe; never blocks.
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
   * Returns the cached session of the token's workload; absent if a broker has to answer.
   *
   * @param token as received: sessions are refreshed with it
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
   * Keeps the token only if its pod is served. Other pods have nothing to refresh, and a pod that
   * will be refused must not refresh a session that others share.
   */
  private void served(String token, VerifiedToken verified) {
    if (!podRevocations.revokes(verified.workload())) {
      refreshTokens.saw(token, verified);
    }
  }

  /** Returns no session if the cache is too old or the pod is revoked: a broker has to answer. */
  private @Nullable CachedSession servable(VerifiedToken token) {
    return staleness.stale() || podRevocations.revokes(token.workload())
        ? null
        : sessions.find(token);
  }

  /**
   * Returns an answer to a requester whose identity is proven.
   *
   * @param wanted how long the requester waits
   */
  public CompletionStage<PodAnswer> obtain(String token, VerifiedToken verified, Duration wanted) {
    return ask(token, verified, wanted)
        .thenApply(outcome -> orEarly(outcome, token, () -> refusals.forgotten(verified)));
  }

  /** A broker verifies the token before it answers that there is no association. */
  private PodAnswer orEarly(
      CredentialOutcome outcome, String token, Supplier<CompletionStage<Void>> change) {
    return outcome instanceof CredentialOutcome.Refused(var reason, var message)
            && reason == RefusalReason.NO_ASSOCIATION
            && age.isYoung(token)
        ? new PodAnswer.Early(message + "; the pod has just started: try again", change.get())
        : outcome;
  }

  private CompletionStage<CredentialOutcome> ask(
      String token, VerifiedToken verified, Duration wanted) {
    // On a request for credentials, a broker itself checks whether the pod exists.
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
   * Returns an answer to a requester whose token this edge cannot verify. It joins only requesters
   * with the same token and gets nothing from the cache.
   *
   * @param wanted how long the requester waits
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
