package io.claviger.edge.upstream;

import io.claviger.edge.credential.PodLookup;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Asks brokers about pods that are new to this edge. It asks about each pod once at a time, and
 * about many in one request. If the first broker gives no sign of life ({@link Hedging}) or cannot
 * answer, it asks the second one too. Bounded; thread-safe.
 */
public final class BrokerPodLookup implements PodLookup {

  /** Not 0, which is the id of the first timer of a Vert.x. */
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Context context;
  private final BrokerLinks links;
  private final CacheReport cache;
  private final Hedging hedging;
  private final Duration timeout;
  private final int maximum;
  private final EdgeMeters meters;
  private final Map<String, CompletableFuture<Presence>> waiting = new ConcurrentHashMap<>();
  private final Queue<PodReport.Pod> queue = new ConcurrentLinkedQueue<>();

  /**
   * Asks nothing yet.
   *
   * @param cache receives brokers' answers
   * @param timeout within which a pod is answered
   * @param maximum pods that may wait at once; no broker is asked about more
   */
  public BrokerPodLookup(
      Context context,
      BrokerLinks links,
      CacheReport cache,
      Hedging hedging,
      Duration timeout,
      int maximum,
      EdgeMeters meters) {
    this.vertx = context.owner();
    this.context = context;
    this.links = links;
    this.cache = cache;
    this.hedging = hedging;
    this.timeout = timeout;
    this.maximum = maximum;
    this.meters = meters;
  }

  @Override
  public CompletionStage<Presence> ask(PodReport.Pod pod) {
    if (waiting.size() >= maximum) {
      meters.podLookup(Presence.NOT_ASKED);
      return CompletableFuture.completedStage(Presence.NOT_ASKED);
    }
    CompletableFuture<Presence> mine = new CompletableFuture<>();
    CompletableFuture<Presence> first = waiting.putIfAbsent(pod.uid(), mine);
    if (first != null) {
      return first.minimalCompletionStage();
    }
    queue.add(pod);
    // The first caller's flush also takes the pods that others have added meanwhile.
    context.runOnContext(nothing -> flush());
    return mine.minimalCompletionStage();
  }

  private void flush() {
    while (!queue.isEmpty()) {
      List<PodReport.Pod> pods = new ArrayList<>();
      while (pods.size() < PodReport.MAX_PODS && !queue.isEmpty()) {
        pods.add(queue.remove());
      }
      new Batch(pods).start();
    }
  }

  private void answer(String uid, Presence presence) {
    CompletableFuture<Presence> asked = waiting.remove(uid);
    if (asked != null) {
      meters.podLookup(presence);
      asked.complete(presence);
    }
  }

  private final class Batch {
    private final Map<String, PodReport.Pod> open = new LinkedHashMap<>();
    private final Set<BrokerConnection> asked = new HashSet<>();

    /** Pods about which a broker did not ask their cluster. */
    private final Set<String> notAsked = new HashSet<>();

    private int waitingFor;
    private long last = NO_TIMER;
    private Hedging.@Nullable Watch watch;

    Batch(List<PodReport.Pod> pods) {
      pods.forEach(pod -> open.put(pod.uid(), pod));
    }

    void start() {
      last = vertx.setTimer(Math.max(1, timeout.toMillis()), timer -> nobodyCanSay());
      askNext();
    }

    private void askNext() {
      if (open.isEmpty()) {
        return;
      }
      BrokerConnection next = links.next(asked);
      if (next == null) {
        if (waitingFor == 0) {
          nobodyCanSay();
        }
        return;
      }
      asked.add(next);
      waitingFor++;
      unwatch();
      watch = hedging.watch(next, () -> links.next(asked) != null, this::askNext);
      next.request(
              BusProtocol.PODS,
              new PodReport(BusProtocol.VERSION, true, List.copyOf(open.values())),
              PodReportReply.class,
              timeout,
              this::askNext)
          .onComplete(answer -> answered(next, answer));
    }

    private void answered(BrokerConnection broker, AsyncResult<PodReportReply> answer) {
      waitingFor--;
      if (open.isEmpty()) {
        return;
      }
      // A broker that refuses is of an older version or overloaded: it gives no answer.
      if (answer.succeeded()) {
        hedging.answered(broker);
        PodReportReply reply = answer.result();
        cache.answered(reply);
        Set<String> gone = Set.copyOf(reply.gone());
        Set<String> unknown = Set.copyOf(reply.unknown());
        notAsked.addAll(Objects.requireNonNullElse(reply.notAsked(), List.of()));
        for (String uid : List.copyOf(open.keySet())) {
          if (!unknown.contains(uid)) {
            end(uid, gone.contains(uid) ? Presence.GONE : Presence.THERE);
          }
        }
      }
      askNext();
    }

    private void nobodyCanSay() {
      List.copyOf(open.keySet())
          .forEach(uid -> end(uid, notAsked.contains(uid) ? Presence.NOT_ASKED : Presence.UNKNOWN));
    }

    private void end(String uid, Presence presence) {
      open.remove(uid);
      if (open.isEmpty()) {
        cancelTimers();
      }
      answer(uid, presence);
    }

    private void cancelTimers() {
      vertx.cancelTimer(last);
      unwatch();
    }

    private void unwatch() {
      if (watch != null) {
        watch.cancel();
      }
    }
  }
}
