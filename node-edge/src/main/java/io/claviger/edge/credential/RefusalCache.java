package io.claviger.edge.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.config.trust.TokenHash;
import io.claviger.edge.workload.Subject;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Refusals of the last seconds, so that SDKs that retry a refusal do not reach the brokers. A
 * refusal is cached only for what it proves. That of a token holds for this token, that of an
 * association for its service account. That of a role holds for the pod, because the role's
 * policies may look at session tags. Bounded; thread-safe.
 */
public final class RefusalCache {

  private record Remembered(
      CredentialOutcome.Refused outcome,
      @Nullable AssociationKey association,
      Position position,
      CompletableFuture<Void> forgotten) {

    /** A refusal that replaces another one inherits its waiters. */
    Remembered inPlaceOf(Remembered before) {
      return new Remembered(outcome, association, position, before.forgotten);
    }
  }

  /** Keys are a {@link TokenHash} or a {@link Subject}, which are never equal to each other. */
  private final Cache<Object, Remembered> refusals;

  private final EntriesByAssociation<Object> subjects = new EntriesByAssociation<>();
  private final Journal<AssociationKey> newlyKnown;

  /**
   * Starts empty.
   *
   * @param size how many refusals are cached
   * @param memory for how long
   * @param ticker measures it
   * @param newlyKnown service accounts whose refusal is cached from now on
   */
  public RefusalCache(
      int size, Duration memory, Ticker ticker, Journal<AssociationKey> newlyKnown) {
    this.newlyKnown = newlyKnown;
    this.refusals =
        Caffeine.newBuilder()
            .maximumSize(size)
            .expireAfterWrite(memory)
            .ticker(ticker)
            .executor(Runnable::run)
            .<Object, Remembered>evictionListener(
                (subject, remembered, cause) -> {
                  if (subject != null) {
                    changed(subject, remembered, null);
                  }
                })
            .<Object, Remembered>removalListener(RefusalCache::forgotten)
            .build();
  }

  /**
   * Does not notify the waiters of an entry evicted for space: they would retry again and again.
   */
  private static void forgotten(
      @Nullable Object key, @Nullable Remembered remembered, RemovalCause cause) {
    if (remembered != null && (cause == RemovalCause.EXPLICIT || cause == RemovalCause.EXPIRED)) {
      remembered.forgotten().complete(null);
    }
  }

  /** Completed when the refusal of this token is dropped, by time or a change. */
  CompletionStage<Void> forgotten(TokenHash hash) {
    return forgotten(refusals.getIfPresent(hash));
  }

  /** Completed when the refusal of this service account is dropped, by time or a change. */
  CompletionStage<Void> forgotten(VerifiedToken token) {
    return forgotten(refusals.getIfPresent(token.serviceAccount()));
  }

  /**
   * Never completes if there is no refusal any more: repeated immediate retries must not follow.
   */
  private static CompletionStage<Void> forgotten(@Nullable Remembered remembered) {
    return remembered == null ? new CompletableFuture<>() : remembered.forgotten();
  }

  CredentialOutcome.@Nullable Refused find(TokenHash hash) {
    return outcome(refusals.getIfPresent(hash));
  }

  CredentialOutcome.@Nullable Refused find(VerifiedToken token) {
    CredentialOutcome.Refused refused = find(token.hash());
    if (refused == null) {
      refused = outcome(refusals.getIfPresent(token.pod()));
    }
    return refused != null ? refused : outcome(refusals.getIfPresent(token.serviceAccount()));
  }

  private static CredentialOutcome.@Nullable Refused outcome(@Nullable Remembered remembered) {
    return remembered == null ? null : remembered.outcome();
  }

  /** Caches a broker's refusal of a request. */
  void remember(Requester requester, CredentialReply.Refused refused) {
    CredentialOutcome.Refused outcome =
        new CredentialOutcome.Refused(refused.reason(), refused.message());
    AssociationKey association =
        refused.reason().concernsIdentity() || refused.workload() == null
            ? null
            : AssociationKey.of(refused.workload());
    Remembered offered =
        new Remembered(outcome, association, refused.position(), new CompletableFuture<>());
    refusals
        .asMap()
        .compute(
            subject(requester, refused),
            (subject, before) ->
                changed(subject, before, before == null ? offered : offered.inPlaceOf(before)));
    if (association != null) {
      newlyKnown.add(association);
    }
  }

  /** Maintains the index; call it only while the subject's entry is computed or evicted. */
  private @Nullable Remembered changed(
      Object subject, @Nullable Remembered before, @Nullable Remembered after) {
    AssociationKey was = before == null ? null : before.association();
    AssociationKey is = after == null ? null : after.association();
    if (is != null) {
      subjects.add(is, subject);
    }
    if (was != null && !was.equals(is)) {
      subjects.remove(was, subject);
    }
    return after;
  }

  private static Object subject(Requester requester, CredentialReply.Refused refused) {
    if (requester instanceof Requester.Known(var token, var verified)) {
      switch (refused.reason()) {
        case NO_ASSOCIATION, NOT_GRANTED, ROLE_REVOKED -> {
          return verified.serviceAccount();
        }
        case ROLE_DENIED, ROLE_MISCONFIGURED -> {
          return verified.pod();
        }
        default -> {}
      }
    }
    return requester.hash();
  }

  /** Returns the service accounts whose association, or lack of one, was the reason. */
  Set<AssociationKey> associations() {
    return subjects.keys();
  }

  /** Whether a refusal is cached because of this association or the lack of one. */
  boolean concern(AssociationKey association) {
    return subjects.of(association).stream()
        .map(refusals::getIfPresent)
        .anyMatch(there -> there != null && association.equals(there.association()));
  }

  /** Drops the refusals of revoked pods, because the set of revoked pods has changed. */
  void forgetRevokedPods() {
    forgetIf(
        refusals.asMap().keySet(),
        remembered -> remembered.outcome().reason() == RefusalReason.POD_REVOKED);
  }

  void forget(AssociationKey association, Position before) {
    forgetIf(
        subjects.of(association),
        remembered ->
            association.equals(remembered.association())
                && !remembered.position().isAtLeast(before));
    // Requesters that wait for an entry that has expired meanwhile get notified too.
    refusals.cleanUp();
  }

  private void forgetIf(Collection<Object> candidates, Predicate<Remembered> wrong) {
    for (Object candidate : candidates) {
      Remembered seen = refusals.asMap().get(candidate);
      // An entry that stays is not computed, which would extend its expiry.
      if (seen != null && wrong.test(seen)) {
        refusals
            .asMap()
            .computeIfPresent(
                candidate,
                (subject, there) -> wrong.test(there) ? changed(subject, there, null) : there);
      }
    }
  }
}
