package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.claviger.broker.telemetry.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * Resolves the names in {@code peers.members} every 5 s, because unreachable brokers use the quota
 * of STS too. A look-up that takes longer than 5 s counts as failed. The next one starts only after
 * it has ended, so that a hanging resolver blocks one thread.
 */
public final class PeerAddresses {

  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final WorkerExecutor worker;
  private final Callable<Set<InetSocketAddress>> lookUp;
  private final IntSupplier members;
  private final NamedPeers peers;

  /**
   * Starts now, and repeats the look-up for the life of the Vert.x instance.
   *
   * @param lookUp may block
   */
  public PeerAddresses(
      Vertx vertx,
      HazelcastInstance hazelcast,
      Callable<Set<InetSocketAddress>> lookUp,
      InstantSource clock,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.worker = vertx.createSharedWorkerExecutor("peer-addresses", 1);
    this.lookUp = lookUp;
    this.members = PeerMembers.count(hazelcast);
    this.peers = new NamedPeers(() -> addresses(hazelcast), clock);
    Gauge.builder(Meters.PEERS, peers::unreached).tag(Meters.STATE, "unreached").register(meters);
    look();
  }

  /**
   * Returns the number of brokers by which a quota must be divided: the joined brokers, or the
   * addresses of the names if these are more. No I/O.
   */
  public IntSupplier brokers() {
    return () -> Math.max(members.getAsInt(), peers.addresses());
  }

  private void look() {
    var looked =
        worker
            .executeBlocking(lookUp)
            .onComplete(ended -> vertx.setTimer(LOOK.toMillis(), timer -> look()));
    looked
        .timeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(peers::found)
        .onFailure(peers::failed);
  }

  /** Returns the addresses of the joined brokers; empty once this broker leaves. */
  private static Set<InetSocketAddress> addresses(HazelcastInstance hazelcast) {
    try {
      return hazelcast.getCluster().getMembers().stream()
          .map(Member::getSocketAddress)
          .collect(Collectors.toUnmodifiableSet());
    } catch (HazelcastInstanceNotActiveException e) {
      return Set.of();
    }
  }
}
