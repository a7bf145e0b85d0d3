package io.claviger.fault;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.Links;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.MeshPurpose;
import io.claviger.stsfake.StsStandIn;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A mesh for faults: real processes, with a {@link LinkProxy} between edges and each broker, and
 * between the first broker and Kafka.
 */
public final class Stage implements AutoCloseable {

  private static final Duration ENDING = Duration.ofSeconds(15);
  private static final long TIMEOUT_SECONDS = 10;

  private final Vertx vertx = Vertx.vertx();
  private final Proxies proxies = new Proxies();
  private final Map<String, SteppedClock> clocks = new HashMap<>();
  private final LocalMesh mesh;

  /** One link before each listener. */
  private final class Proxies implements Links {
    private final Map<HostPort, LinkProxy> toBrokers = new ConcurrentHashMap<>();
    private final LinkProxy toKafka = LinkProxy.listen(vertx);

    @Override
    public HostPort toBroker(HostPort bridge) {
      return toBrokers.computeIfAbsent(bridge, to -> LinkProxy.listen(vertx).to(to)).address();
    }

    @Override
    public Optional<HostPort> toKafka(HostPort listener) {
      return Optional.of(toKafka.to(listener).address());
    }
  }

  private Stage(MeshOptions options, Consumer<String> progress) {
    mesh = LocalMesh.start(options.withLinks(proxies), progress);
  }

  /** Starts a mesh and waits until it is ready; the links are fine. */
  public static Stage start(MeshOptions options, Consumer<String> progress) {
    return new Stage(options, progress);
  }

  /** The mesh. */
  public LocalMesh mesh() {
    return mesh;
  }

  /** Broker 1, 2, ... */
  Member broker(int number) {
    return mesh.broker(number).member();
  }

  /** All brokers. */
  List<Member> brokers() {
    return mesh.brokers().stream().map(BrokerMember::member).toList();
  }

  /** Edge 1, 2, ... */
  EdgeMember edge(int number) {
    return mesh.edge(number);
  }

  /**
   * The edges of an update: all. In a quick run the first one, since each edge serves until its
   * successor is warm, which takes a minute on busy processors.
   */
  List<EdgeMember> edgesToReplace() {
    return mesh.options().purpose() == MeshPurpose.TRYING ? List.of(edge(1)) : mesh.edges();
  }

  /** Kafka's process. */
  Member kafka() {
    return mesh.kafka();
  }

  /** STS. */
  StsStandIn sts() {
    return mesh.sts();
  }

  /** The link from the edges to a broker. */
  LinkProxy link(int broker) {
    LinkProxy link = proxies.toBrokers.get(mesh.broker(broker).bridge());
    if (link == null) {
      throw new IllegalStateException("no edge knows broker " + broker);
    }
    return link;
  }

  /** The link from broker 1 to Kafka. The other brokers connect to Kafka directly. */
  LinkProxy linkToKafka() {
    return proxies.toKafka;
  }

  /** Starts a member again and waits until it is ready. */
  void start(Member member) {
    member.start();
    member.awaitReady(mesh.options().timeout());
  }

  /** Starts a member that runs again, with a clock that can be stepped, and steps it. */
  void stepClock(Member member, Duration offset) {
    SteppedClock clock =
        clocks.computeIfAbsent(
            member.name(),
            name -> SteppedClock.at(mesh.options().directory().resolve(name + ".clock")));
    member.stop(ENDING);
    member.start(clock.environment());
    member.awaitReady(mesh.options().timeout());
    clock.step(offset);
  }

  /** Steps a clock that was stepped. */
  void stepClockAgain(Member member, Duration offset) {
    SteppedClock clock = clocks.get(member.name());
    if (clock == null) {
      throw new IllegalStateException(member.name() + " has the system's clock");
    }
    clock.step(offset);
  }

  /** Stops a member in order, starts it again and waits until it is ready. */
  void restart(Member member) {
    member.stop(ENDING);
    start(member);
  }

  /** Replaces an edge by another one on the same port, as an update does. */
  void replace(EdgeMember old) {
    mesh.startEdgeBeside(old);
    mesh.retire(old.member());
  }

  @Override
  public void close() {
    mesh.close();
    proxies.toBrokers.values().forEach(LinkProxy::close);
    proxies.toKafka.close();
    vertx.close().timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).await();
  }
}
