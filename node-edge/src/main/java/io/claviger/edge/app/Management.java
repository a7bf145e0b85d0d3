package io.claviger.edge.app;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.lifecycle.ManagementServer;
import io.claviger.config.lifecycle.Readiness;
import io.claviger.edge.ingress.Binding;
import io.claviger.edge.telemetry.EdgeMeters;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Probes and metrics. While an edge replaces another one, the old edge uses their ports; this one
 * retries until they are free.
 */
final class Management {

  private static final Duration BIND_AGAIN = Duration.ofMillis(500);

  private final ManagementServer server;
  private final Binding probes;
  private final Binding metrics;
  private final Optional<ReadyFile> file;

  Management(
      Vertx vertx,
      EdgeSettings.Management settings,
      Readiness readiness,
      PrometheusMeterRegistry registry,
      DoubleSupplier random,
      EdgeMeters meters) {
    this.server = new ManagementServer(vertx, readiness, registry);
    HostPort probesAt = HostPort.parse(settings.probes());
    HostPort metricsAt = HostPort.parse(settings.metrics());
    this.probes =
        new Binding(
            vertx, probesAt, "probes", () -> server.listen(probesAt), BIND_AGAIN, random, meters);
    this.metrics =
        new Binding(
            vertx,
            metricsAt,
            "metrics",
            () -> server.listen(metricsAt),
            BIND_AGAIN,
            random,
            meters);
    this.file =
        settings
            .readyFile()
            .map(path -> new ReadyFile(vertx, path, () -> readiness.missing().isEmpty()));
  }

  Future<Void> start() {
    return file.map(ReadyFile::start)
        .orElseGet(Future::succeededFuture)
        .compose(shown -> Future.join(List.of(probes.start(), metrics.start())))
        .mapEmpty();
  }

  int probesPort() {
    return probes.port();
  }

  int metricsPort() {
    return metrics.port();
  }

  Future<Void> stop() {
    probes.stop();
    metrics.stop();
    return server.close();
  }
}
