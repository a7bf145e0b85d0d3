package io.claviger.edge.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.edge.workload.Subject;
import io.claviger.edge.workload.TokenHash;
import io.claviger.edge.workload.VerifiedToken;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Refusals of the last seconds: SDKs that retry a refusal do not reach the brokers. Each is
 * remembered for no more than it proves: of a token for that token alone; of an association for its
 * service account; of a role, whose policies may look at session tags, for the pod. Bounded;
 * thread-safe.
 */
public final class Refusals {

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

  /**
   * Remembers nothing yet.
   *
   * @param size how many refusals are remembered
   * @param memory for how long
   * @param ticker measures it
   */
  public Refusals(int size, Duration memory, Ticker ticker) {
    this.refusals =
        Caffeine.newBuilder()
            .maximumSize(size)
            .expireAfterWrite(memory)
            .ticker(ticker)
            .executor(Runnable::run)
            .<Object, Remembered>removalListener(Refusals::forgotten)
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
  void remember(Asker asker, CredentialReply.Refused refused) {
    CredentialOutcome.Refused outcome =
        new CredentialOutcome.Refused(refused.reason(), refused.message());
    AssociationKey association =
        refused.reason().concernsIdentity() || refused.workload() == null
            ? null
            : AssociationKey.of(refused.workload());
    refusals
        .asMap()
        .merge(
            subject(asker, refused),
            new Remembered(outcome, association, refused.position(), new CompletableFuture<>()),
            (before, now) -> now.inPlaceOf(before));
  }

  private static Object subject(Asker asker, CredentialReply.Refused refused) {
    if (asker instanceof Asker.Known(var token, var verified)) {
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
    return asker.hash();
  }

  /** The service accounts whose associations, or the lack of them, were the reason. */
  List<AssociationKey> associations() {
    return refusals.asMap().values().stream()
        .map(Remembered::association)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .distinct()
        .toList();
  }

  /** What pods are revoked has changed: who was refused may ask again. */
  void forgetRevokedPods() {
    refusals
        .asMap()
        .values()
        .removeIf(remembered -> remembered.outcome().reason() == RefusalReason.POD_REVOKED);
  }

  void forget(AssociationKey association, Position before) {
    refusals
        .asMap()
        .values()
        .removeIf(
            remembered ->
                association.equals(remembered.association())
                    && !remembered.position().reaches(before));
    // Who waits for one that has expired meanwhile is to hear of the change too.
    refusals.cleanUp();
  }
}
