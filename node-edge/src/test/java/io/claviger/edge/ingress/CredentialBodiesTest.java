package io.claviger.edge.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.Samples;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long rendered credentials stay in memory. */
final class CredentialBodiesTest {

  private static final SessionCredentials SESSION =
      ((CredentialReply.Issued) Samples.issued("pod-uid", "AKIA1", Instant.EPOCH)).credentials();

  private final AtomicLong nanos = new AtomicLong();
  private final List<Runnable> due = new ArrayList<>();
  private final CredentialBodies bodies =
      new CredentialBodies(
          10,
          nanos::get,
          (executor, command, delay, unit) -> {
            due.add(command);
            return new CompletableFuture<>();
          });

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    List<Runnable> now = List.copyOf(due);
    due.clear();
    now.forEach(Runnable::run);
  }

  @Test
  void areRenderedOnceWhilePodsAsk() {
    var first = bodies.of(SESSION);
    pass(Duration.ofSeconds(8));
    assertThat(bodies.of(SESSION)).isSameAs(first);
    pass(Duration.ofSeconds(8));

    assertThat(bodies.of(SESSION)).isSameAs(first);
  }

  @Test
  void areGoneWhenNobodyAsksAlsoWhereNothingElseHappens() {
    bodies.of(SESSION);

    pass(Duration.ofSeconds(15));

    assertThat(bodies.size()).isZero();
  }
}
