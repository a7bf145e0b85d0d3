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
 * Refusals of the last seconds: SDKs that retry a refusal do not reach the brokers. Each is
 * remembered for no more than it proves: of a token for that token alone; of an association for its
 * service account; of a role, whose policies may look at session tags, for the pod. Bounded;
 * thread-safe.
 */
public final class RefusalCache {

  private record Remembered(
      CredentialOutcome.Refused outcome,
      @Nullable AssociationKey association,
      Position position,
      CompletableFuture<Void> forgotten) {

    /** One that takes another's place has its waiters too. */
    Remembered inPlaceOf(Remembered before) {
      return new Remembered(outcome, association, position, before.forgotten);
    }
  }

  /** Keys are a {@link TokenHash} or a {@link Subject}, which are never equal to each other. */
  private final Cache<Object, Remembered> refusals;

  private final EntriesByAssociation<Object> subjects = new EntriesByAssociation<>();
  private final Journal<AssociationKey> newlyKnown;

  /**
   * Remembers nothing yet.
   *
   * @param size how many refusals are remembered
   * @param memory for how long
   * @param ticker measures it
   * @param newlyKnown of whom a refusal is remembered from now on
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

  /** What was pushed out by others would be asked for again and again. */
  private static void forgotten(
      @Nullable Object key, @Nullable Remembered remembered, RemovalCause cause) {
    if (remembered != null && (cause == RemovalCause.EXPLICIT || cause == RemovalCause.EXPIRED)) {
      remembered.forgotten().complete(null);
    }
  }

  /** Completed when the refusal of this token is not remembered any more, by time or a change. */
  CompletionStage<Void> forgotten(TokenHash hash) {
    return forgotten(refusals.getIfPresent(hash));
  }

  /** Completed when the refusal of this service account is not remembered any more. */
  CompletionStage<Void> forgotten(VerifiedToken token) {
    return forgotten(refusals.getIfPresent(token.serviceAccount()));
  }

  /** Who finds nothing was overtaken, and is not to ask again at once, however often. */
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

  /** Remembers a broker's refusal of what somebody asked. */
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

  /** Keeps the index; to be called while the subject's entry is computed or evicted only. */
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

  /** The service accounts whose associations, or the lack of them, were the reason. */
  Set<AssociationKey> associations() {
    return subjects.keys();
  }

  /** Whether a refusal is remembered because of this association, or the lack of it. */
  boolean concern(AssociationKey association) {
    return subjects.of(association).stream()
        .map(refusals::getIfPresent)
        .anyMatch(there -> there != null && association.equals(there.association()));
  }

  /** What pods are revoked has changed: who was refused may ask again. */
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
    // Who waits for one that has expired meanwhile is to hear of the change too.
    refusals.cleanUp();
  }

  private void forgetIf(Collection<Object> candidates, Predicate<Remembered> wrong) {
    for (Object candidate : candidates) {
      Remembered seen = refusals.asMap().get(candidate);
      // What stays is not computed: that would have it remembered for longer.
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
