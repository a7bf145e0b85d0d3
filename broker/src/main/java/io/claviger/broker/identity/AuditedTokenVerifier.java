package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.audit.AuditLog;
import io.claviger.config.trust.TokenVerification;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.event.CredentialEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/**
 * Records the tokens that another verifier rejects: one event a second for the same node and
 * reason, so that a hostile edge cannot fill the audit stream. Thread-safe.
 */
public final class AuditedTokenVerifier implements TokenVerifier {

  private static final Duration ONE_EACH = Duration.ofSeconds(1);
  private static final int MAX_KEPT = 10_000;

  private final TokenVerifier verifier;
  private final AuditLog audit;
  private final String member;
  private final InstantSource clock;
  private final Cache<Seen, Boolean> seen;

  /** Records as {@code member} what {@code verifier} rejects. */
  public AuditedTokenVerifier(
      TokenVerifier verifier, AuditLog audit, String member, InstantSource clock, Ticker ticker) {
    this.verifier = verifier;
    this.audit = audit;
    this.member = member;
    this.clock = clock;
    this.seen =
        Caffeine.newBuilder()
            .maximumSize(MAX_KEPT)
            .expireAfterWrite(ONE_EACH)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public CompletionStage<TokenVerification> verify(
      String token, Caller caller, RequestPriority priority) {
    return verifier
        .verify(token, caller, priority)
        .whenComplete(
            (verification, failure) -> {
              if (verification instanceof TokenVerification.Rejected rejected) {
                record(caller, rejected);
              }
            });
  }

  private void record(Caller caller, TokenVerification.Rejected verification) {
    Seen key = new Seen(caller, verification.reason());
    if (seen.asMap().putIfAbsent(key, true) == null) {
      audit.record(event(caller, verification));
    }
  }

  private CredentialEvent event(Caller caller, TokenVerification.Rejected verification) {
    return CredentialEvent.of(
            CredentialEvent.Type.REFUSED, clock.instant(), member, caller.cluster())
        .on(caller.node())
        .because(verification.reason().name(), verification.message())
        .build();
  }

  private record Seen(Caller caller, RefusalReason reason) {}
}
