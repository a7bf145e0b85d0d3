package io.claviger.edge.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.edge.telemetry.EdgeMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BindingIT {

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicInteger tries = new AtomicInteger();

  @AfterEach
  void close() {
    TestIngress.await(vertx.close());
  }

  @Test
  void triesUntilTheAddressCanBeBound() {
    Binding binding =
        binding(
            Duration.ofMillis(10),
            () ->
                tries.incrementAndGet() < 4
                    ? Future.failedFuture("not yet")
                    : Future.succeededFuture(8_080));

    TestIngress.await(binding.start());

    assertThat(binding.port()).isZero();
    await().until(() -> binding.port() == 8_080);
    assertThat(tries).hasValue(4);
    assertThat(registry.get("claviger.edge.listen.failures").counter().count()).isEqualTo(3);
  }

  @Test
  void triesNoMoreOnceItIsStopped() {
    Binding binding =
        binding(
            Duration.ofMillis(20),
            () -> {
              tries.incrementAndGet();
              return Future.failedFuture("never");
            });
    TestIngress.await(binding.start());

    binding.stop();

    await().during(Duration.ofMillis(200)).until(() -> tries.get() == 1);
  }

  private Binding binding(Duration pause, Supplier<Future<Integer>> bind) {
    return new Binding(
        vertx,
        new HostPort("::1", 80),
        "credentials",
        bind,
        pause,
        () -> 0.5,
        new EdgeMeters(registry));
  }
}
