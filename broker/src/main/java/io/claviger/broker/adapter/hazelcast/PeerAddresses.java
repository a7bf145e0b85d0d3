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
 * Looks up every 5 s which addresses the names in {@code peers.members} have: brokers that are not
 * reached use the quota of STS too. A look-up that takes longer than 5 s has failed; no other one
 * begins before it has ended, so a resolver that hangs holds one thread.
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
   * Looks up for as long as the Vert.x lives, beginning now.
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
   * By how many brokers a quota has to be divided: those that are members, or as many as the names
   * have addresses where that is more. No I/O.
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

  /** Where the members listen; nobody once this one leaves. */
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
