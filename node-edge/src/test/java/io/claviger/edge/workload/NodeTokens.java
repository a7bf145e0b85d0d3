package io.claviger.edge.workload;

import io.claviger.edge.workload.TokenCheck.Rejected;
import io.claviger.edge.workload.TokenCheck.Verified;
import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.time.Instant;

/** A node's verification of tokens, with the keys of its cluster. */
final class NodeTokens {

  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final TokenMint MINT = new TokenMint("key-1");

  final TestClock clock = new TestClock(NOW);
  final WorkloadTokens tokens = withoutKeys(clock);

  NodeTokens() {
    tokens.accept(MINT.published(NOW));
  }

  static WorkloadTokens withoutKeys(TestClock clock) {
    return new WorkloadTokens(
        TokenMint.NODE,
        new ClusterKeys(clock),
        new TokenMemory(100, Duration.ofMinutes(15), clock, clock),
        clock);
  }

  /** Returns a draft that is valid until changed. */
  static TokenMint.Draft token() {
    return MINT.token(NOW);
  }

  VerifiedToken verified(String token) {
    return ((Verified) tokens.check(token)).token();
  }

  RefusalReason reasonOf(String token) {
    return ((Rejected) tokens.check(token)).reason();
  }

  boolean isRemembered(String token) {
    return tokens.remembered(token) != null;
  }
}
