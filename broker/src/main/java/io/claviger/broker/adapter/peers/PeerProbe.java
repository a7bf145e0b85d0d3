package io.claviger.broker.adapter.peers;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.BusProtocol;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes every other broker from the moment it joins until it reports that it serves, or leaves.
 * The broker then has the list of usable owners, and its event-bus connections, mutual TLS
 * included, exist before the first request. That request needs its reply within a few milliseconds.
 */
public final class PeerProbe {

  private static final Logger LOG = LoggerFactory.getLogger(PeerProbe.class);
  private static final DeliveryOptions OPTIONS =
      new DeliveryOptions().setSendTimeout(Duration.ofSeconds(2).toMillis());
  private static final long AGAIN_MILLIS = 100;
  private static final long START_MILLIS = 5_000;
  private static final long WARN_MILLIS = 10_000;

  private enum Known {
    MEMBER,
    ANSWERING,
    SERVING,
    LOST
  }

  private final Vertx vertx;
  private final Context context;
  private final Map<String, Known> peers = new ConcurrentHashMap<>();
  private volatile boolean completed;

  /** Probes over this event bus. */
  public PeerProbe(Vertx vertx, MeterRegistry meters) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    vertx.setTimer(START_MILLIS, timer -> completed = true);
    Gauge.builder(Meters.PEERS, () -> serving().size())
        .tag(Meters.STATE, "serving")
        .register(meters);
    Gauge.builder(Meters.PEERS, () -> peers.size() - serving().size())
        .tag(Meters.STATE, "silent")
        .register(meters);
  }

  /** A broker has joined. */
  public void joined(String nodeId) {
    if (peers.putIfAbsent(nodeId, Known.MEMBER) == null) {
      probe(nodeId);
      vertx.setTimer(WARN_MILLIS, timer -> warn(nodeId));
    }
  }

  /** A broker has left. */
  public void left(String nodeId) {
    peers.remove(nodeId);
  }

  /**
   * A broker is unreachable or cannot open sessions. It counts as not serving until a probe
   * succeeds again.
   */
  public void lost(String nodeId) {
    if (peers.replace(nodeId, Known.SERVING, Known.LOST)) {
      probe(nodeId);
    }
  }

  /** Returns the event-bus node ids of the other brokers that serve; no waiting, no I/O. */
  public Set<String> serving() {
    return peers.entrySet().stream()
        .filter(peer -> peer.getValue() == Known.SERVING)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Probes one serving broker, to keep the path to it warm. Completes even if it does not answer.
   *
   * @param turn a counter that selects the broker
   */
  public Future<?> probeAgain(int turn) {
    List<String> serving = List.copyOf(serving());
    return serving.isEmpty()
        ? Future.succeededFuture()
        : vertx
            .eventBus()
            .request(
                BusProtocol.ownerAddress(serving.get(turn % serving.size())),
                OwnerVerticle.PROBE,
                OPTIONS)
            .otherwiseEmpty();
  }

  /**
   * Returns whether every broker has answered, or has had 5 s to answer: readiness must not depend
   * on another broker. The result stays true once it is true.
   */
  public boolean completed() {
    if (!completed && !peers.containsValue(Known.MEMBER)) {
      completed = true;
    }
    return completed;
  }

  private void warn(String nodeId) {
    if (peers.get(nodeId) == Known.MEMBER) {
      LOG.atWarn()
          .addKeyValue("node", nodeId)
          .addKeyValue("seconds", WARN_MILLIS / 1_000)
          .log(
              "another broker has joined but does not answer over the event bus: both open the same"
                  + " sessions until its port is reachable and both trust one authority");
    }
  }

  private void probe(String nodeId) {
    context.runOnContext(
        v -> {
          Known known = peers.get(nodeId);
          if (known != null && known != Known.SERVING) {
            ask(nodeId);
          }
        });
  }

  private void ask(String nodeId) {
    vertx
        .eventBus()
        .request(BusProtocol.ownerAddress(nodeId), OwnerVerticle.PROBE, OPTIONS)
        .onSuccess(answer -> answered(nodeId, answer))
        .onFailure(failure -> vertx.setTimer(pause(failure), timer -> probe(nodeId)));
  }

  private void answered(String nodeId, Message<Object> answer) {
    boolean serves = OwnerVerticle.SERVING.equals(answer.body());
    if (!serves) {
      peers.replace(nodeId, Known.MEMBER, Known.ANSWERING);
      vertx.setTimer(AGAIN_MILLIS, timer -> probe(nodeId));
      return;
    }
    Known before = peers.replace(nodeId, Known.SERVING);
    if (before == Known.MEMBER || before == Known.ANSWERING) {
      LOG.atInfo().addKeyValue("node", nodeId).log("another broker serves");
    }
  }

  /** A probe that timed out needs no further pause. */
  private static long pause(Throwable failure) {
    return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT
        ? 1
        : AGAIN_MILLIS;
  }
}
