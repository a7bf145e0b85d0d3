package io.claviger.edge.upstream;

import io.claviger.edge.credential.Journal;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Reports the pods that this edge serves to the broker of one connection: first all of them, then
 * new ones. Pods that the broker could not confirm are reported again. On the connection's context
 * only.
 */
final class PodReports {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

  /** A broker with more reported pods than this pushes every deletion. */
  private static final int MAX_REPORTED = 10_000;

  private final BrokerConnection connection;
  private final CacheReport cache;
  private final LongSupplier nanoTime;
  private final Set<String> reported = new HashSet<>();

  /** The pods to report, oldest first; they stay until the broker has answered. */
  private final Set<String> unreported = new LinkedHashSet<>();

  private long read;
  private boolean pushesEverything;
  private boolean answers;
  private boolean underWay;
  private Duration pause = FIRST_PAUSE;

  /** When pods that the broker could not confirm, or did not answer, are reported again. */
  private long again;

  private final Set<String> unknown = new HashSet<>();

  PodReports(BrokerConnection connection, CacheReport cache, LongSupplier nanoTime) {
    this.connection = connection;
    this.cache = cache;
    this.nanoTime = nanoTime;
    this.again = nanoTime.getAsLong();
  }

  /**
   * Sends the first report, whose answer contains the broker's policy. A broker of an older version
   * gets no reports.
   */
  Future<Void> begin(int brokersVersion) {
    if (brokersVersion < BusProtocol.PODS_SINCE) {
      return Future.succeededFuture();
    }
    startOver();
    return report(next());
  }

  /** Reports new pods; call it several times a second. */
  void turn() {
    if (!answers || underWay || !connection.open()) {
      return;
    }
    if (!unknown.isEmpty() && nanoTime.getAsLong() - again >= 0) {
      unreported.addAll(unknown);
      unknown.clear();
    }
    if (!pushesEverything && unreported.size() < PodReport.MAX_PODS) {
      readOn();
    }
    List<PodReport.Pod> pods = next();
    if (!pods.isEmpty()) {
      // A failed report is repeated after a pause.
      var unused = report(pods).otherwiseEmpty();
    }
  }

  private void startOver() {
    // The end first: pods that are served from now on are read from there.
    read = cache.newPods().end();
    cache.podUids().forEach(this::toBeReported);
  }

  private void readOn() {
    Journal<String> journal = cache.newPods();
    if (journal.end() == read) {
      return;
    }
    Optional<List<String>> news = journal.from(read);
    if (news.isPresent()) {
      read += news.get().size();
      news.get().forEach(this::toBeReported);
    } else {
      startOver();
    }
  }

  private void toBeReported(String uid) {
    if (!reported.contains(uid) && !unknown.contains(uid)) {
      unreported.add(uid);
    }
  }

  /** Returns as many as fit into a report; pods that are no longer served are left out. */
  private List<PodReport.Pod> next() {
    List<PodReport.Pod> pods = new ArrayList<>();
    Iterator<String> next = unreported.iterator();
    while (next.hasNext() && pods.size() < PodReport.MAX_PODS) {
      PodReport.Pod pod = cache.pod(next.next());
      if (pod == null) {
        next.remove();
      } else {
        pods.add(pod);
      }
    }
    return pods;
  }

  private Future<Void> report(List<PodReport.Pod> pods) {
    underWay = true;
    return connection
        .request(
            BusProtocol.PODS,
            new PodReport(BusProtocol.VERSION, false, pods),
            PodReportReply.class,
            TIMEOUT)
        .onSuccess(reply -> answered(pods, reply))
        .onFailure(failure -> later(pods.stream().map(PodReport.Pod::uid).toList()))
        .mapEmpty();
  }

  private void answered(List<PodReport.Pod> pods, PodReportReply reply) {
    underWay = false;
    answers = true;
    for (PodReport.Pod pod : pods) {
      reported.add(pod.uid());
      unreported.remove(pod.uid());
    }
    if (reply.unknown().isEmpty()) {
      pause = FIRST_PAUSE;
    } else {
      reply.unknown().forEach(reported::remove);
      later(reply.unknown());
    }
    if (reported.size() > MAX_REPORTED && !pushesEverything) {
      // Pods that were served before the broker pushes everything are still reported.
      readOn();
      pushesEverything = true;
    }
    cache.answered(reply);
  }

  private void later(List<String> uids) {
    underWay = false;
    if (unknown.isEmpty()) {
      again = nanoTime.getAsLong() + pause.toNanos();
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
    uids.forEach(unreported::remove);
    unknown.addAll(uids);
  }
}
