package io.claviger.edge.upstream;

import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Reports to the broker of one connection which pods this edge serves: all of them first, then what
 * is new, and again those of which the broker could not say whether they are there. On the
 * connection's context only.
 */
final class PodReports {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

  /** What a broker keeps of a connection before it pushes everything. */
  private static final int MAX_REPORTED = 10_000;

  private final BrokerConnection connection;
  private final HeldReport held;
  private final LongSupplier nanoTime;
  private final Set<String> reported = new HashSet<>();
  private boolean answers;
  private boolean underWay;
  private Duration pause = FIRST_PAUSE;

  /**
   * When those that the broker could not say anything of, or did not answer, are reported again.
   */
  private long again;

  private final Set<String> unknown = new HashSet<>();

  PodReports(BrokerConnection connection, HeldReport held, LongSupplier nanoTime) {
    this.connection = connection;
    this.held = held;
    this.nanoTime = nanoTime;
    this.again = nanoTime.getAsLong();
  }

  /**
   * Makes the first report, which brings the broker's policy. One that does not know of pods is not
   * told any more.
   */
  Future<Void> begin(int brokersVersion) {
    return brokersVersion < BusProtocol.PODS_SINCE ? Future.succeededFuture() : report();
  }

  /** Reports what has not been; to be called several times a second. */
  void turn() {
    if (!answers || underWay || !connection.open()) {
      return;
    }
    if (nanoTime.getAsLong() - again >= 0) {
      unknown.clear();
    }
    if (!next().isEmpty()) {
      // What fails is reported again after a pause.
      var unused = report().otherwiseEmpty();
    }
  }

  private List<PodReport.Pod> next() {
    if (reported.size() > MAX_REPORTED) {
      reported.clear();
    }
    return held.pods().stream()
        .filter(pod -> !reported.contains(pod.uid()) && !unknown.contains(pod.uid()))
        .limit(PodReport.MAX_PODS)
        .toList();
  }

  private Future<Void> report() {
    List<PodReport.Pod> pods = next();
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
    pods.forEach(pod -> reported.add(pod.uid()));
    if (reply.unknown().isEmpty()) {
      pause = FIRST_PAUSE;
    } else {
      reply.unknown().forEach(reported::remove);
      later(reply.unknown());
    }
    held.answered(reply);
  }

  private void later(List<String> uids) {
    underWay = false;
    if (unknown.isEmpty()) {
      again = nanoTime.getAsLong() + pause.toNanos();
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
    unknown.addAll(uids);
  }
}
