package io.claviger.broker.adapter.kubernetes;

import io.claviger.broker.association.AssociationListener;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.ObjectReconciliation;
import io.claviger.broker.association.ReadyCondition.Reason;
import io.claviger.broker.association.TableChange;
import io.claviger.broker.telemetry.ObjectMeters;
import io.claviger.schemas.association.Association;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a cluster's associations match its {@code PodIdentityAssociation} objects, while this
 * broker holds the Lease. Must be registered as a listener of the table, so that changes by other
 * actors are handled at once. Thread-safe.
 */
public final class ObjectController implements AssociationListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ObjectController.class);
  private static final long LOOK_MILLIS = 500;
  private static final long TIMEOUT_SECONDS = 6;

  private final KubernetesClient client;
  private final Ports ports;
  private final ObjectOptions options;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("objects-lease").daemon().unstarted(work));
  private final ObjectLease lease;
  private final AtomicReference<@Nullable LeaderTerm> term = new AtomicReference<>();

  /**
   * The ports of the controller.
   *
   * @param table this broker's
   * @param grants the current ones; the same instance until they change
   * @param arns ARNs of the cluster's associations
   * @param externalIds of their sessions, if they have one
   */
  public record Ports(
      ObjectReconciliation reconciliation,
      AssociationTable table,
      Supplier<Grants> grants,
      Function<Association, String> arns,
      Function<Association, Optional<String>> externalIds,
      InstantSource clock,
      ObjectMeters meters) {}

  /** Uses a client of the cluster's API server, and closes it. */
  ObjectController(KubernetesClient client, Ports ports, ObjectOptions options) {
    this.client = client;
    this.ports = ports;
    this.options = options;
    lease = new ObjectLease(client, options, thread, this::begin, this::end);
    Stream.of(Reason.values())
        .forEach(reason -> ports.meters().objects(reason.text(), () -> count(reason)));
    ports.meters().leader(() -> isActing() ? 1 : 0);
  }

  /**
   * Creates a controller for the cluster of an API server; see {@link KubernetesClients#open}.
   * Sends no request yet.
   */
  public static ObjectController open(
      Vertx vertx, URI url, Path tokenFile, Path ca, Ports ports, ObjectOptions options) {
    return new ObjectController(KubernetesClients.open(vertx, url, tokenFile, ca), ports, options);
  }

  /** Becomes a candidate; the API server may be unavailable. */
  public void start() {
    thread.execute(lease::start);
    thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void applied(TableChange change) {
    LeaderTerm current = term.get();
    if (current != null && change.key().cluster().equals(options.cluster())) {
      current.changed(
          change.key(),
          Stream.of(change.before(), change.after())
              .flatMap(Optional::stream)
              .anyMatch(ObjectReconciliation::isMadeByObjects));
    }
  }

  private void look() {
    LeaderTerm current = term.get();
    if (current != null) {
      try {
        current.look();
      } catch (RuntimeException e) {
        LOG.atWarn().addKeyValue("cause", e.toString()).log("objects could not be checked");
      }
    }
  }

  private void begin() {
    LeaderTerm begun = new LeaderTerm(client, ports, options, lease::standDown);
    replace(begun);
    begun.start();
    log("this broker now acts on objects");
  }

  private void end() {
    if (replace(null)) {
      log("this broker no longer acts on objects");
    }
  }

  private boolean replace(@Nullable LeaderTerm next) {
    LeaderTerm before = term.getAndSet(next);
    if (before != null) {
      before.close();
    }
    return before != null;
  }

  private boolean isActing() {
    LeaderTerm current = term.get();
    return current != null && current.isActing();
  }

  private long count(Reason reason) {
    LeaderTerm current = term.get();
    return current == null ? 0 : current.count(reason);
  }

  private void log(String what) {
    LOG.atInfo().addKeyValue("cluster", options.cluster()).log(what);
  }

  /** Stops, and releases the Lease at once; blocks for at most a few seconds. */
  @Override
  public void close() {
    end();
    lease.close();
    end();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
