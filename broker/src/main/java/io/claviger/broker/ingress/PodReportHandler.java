package io.claviger.broker.ingress;

import io.claviger.broker.identity.KnownPods;
import io.claviger.broker.identity.PodChecks;
import io.claviger.broker.identity.PodChecks.Presence;
import io.claviger.broker.identity.PodNodes;
import io.claviger.broker.telemetry.PodMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Answers edges' reports of their pods with the deleted pods. It subscribes the connection to the
 * reported pods before it looks them up, so that each deletion is either found or pushed. If pod
 * checks are off for a cluster, all its pods count as present.
 */
public final class PodReportHandler extends VerticleBase {

  private final Map<String, PodChecks> checks;
  private final PodMeters meters;

  /**
   * Creates a handler, to be deployed.
   *
   * @param checks by cluster, for clusters whose API server is queried
   */
  public PodReportHandler(Map<String, PodChecks> checks, PodMeters meters) {
    this.checks = Map.copyOf(checks);
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    return EdgeMessages.handle(vertx, BusProtocol.PODS, this::reported);
  }

  private void reported(Message<EdgeRequest> message) {
    PodReport report = EdgeMessages.read(message, PodReport.class, () -> {});
    if (report == null) {
      return;
    }
    String cluster = message.body().session().cluster();
    PodChecks asked = checks.get(cluster);
    if (asked == null || asked.policy() == PodPolicy.OFF) {
      message.reply(Bodies.of(PodReportReply.allThere(PodPolicy.OFF)));
      return;
    }
    report.pods().stream()
        .flatMap(pod -> Stream.ofNullable(KnownPods.uid(pod.uid())))
        .forEach(message.body().connection()::report);
    look(asked, message.body().session().node(), report)
        .onSuccess(found -> answer(message, cluster, report, asked, found));
  }

  /** Returns the presence of each pod, in order, within the timeout of a pod check. */
  private Future<List<Presence>> look(PodChecks asked, String node, PodReport report) {
    return Future.all(
            report.pods().stream()
                .map(
                    pod ->
                        Future.fromCompletionStage(
                                asked.presence(
                                    new PodNodes.Pod(pod.namespace(), pod.name(), pod.uid()),
                                    node,
                                    report.first()),
                                context)
                            .otherwise(Presence.UNKNOWN))
                .toList())
        .map(all -> all.<Presence>list());
  }

  private void answer(
      Message<EdgeRequest> message,
      String cluster,
      PodReport report,
      PodChecks asked,
      List<Presence> found) {
    found.forEach(presence -> meters.reported(cluster, presence.name().toLowerCase(Locale.ROOT)));
    message.reply(
        Bodies.of(
            new PodReportReply(
                asked.policy(),
                which(report, found, Presence.GONE),
                which(report, found, Presence.UNKNOWN, Presence.NOT_ASKED),
                which(report, found, Presence.NOT_ASKED))));
  }

  private static List<String> which(PodReport report, List<Presence> found, Presence... presences) {
    Set<Presence> wanted = Set.of(presences);
    return IntStream.range(0, found.size())
        .filter(index -> wanted.contains(found.get(index)))
        .mapToObj(index -> report.pods().get(index).uid())
        .toList();
  }
}
