package io.claviger.edge.upstream;

import static io.claviger.edge.upstream.UpstreamRig.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.edge.credential.PodLookup.Presence;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.PodsGone;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an edge reports to brokers about pods, and what it asks. */
class PodReportsIT {

  private static final Duration TIMEOUT = Duration.ofMillis(675);

  @TempDir private Path directory;
  private UpstreamRig rig;
  private FakeBroker one;
  private FakeBroker other;

  @BeforeEach
  void start() throws Exception {
    rig = new UpstreamRig(directory);
    one = rig.broker();
    other = rig.broker();
    all(PodReportsIT::allThere);
  }

  @AfterEach
  void end() {
    rig.close();
  }

  private static PodReportReply allThere(PodReport report) {
    return reply(List.of(), List.of());
  }

  private static PodReportReply reply(List<String> gone, List<String> unknown) {
    return new PodReportReply(PodPolicy.PREFERRED, gone, unknown, null);
  }

  private static PodReportReply allUnknown(PodReport report) {
    return reply(List.of(), uids(report));
  }

  private static List<String> uids(PodReport report) {
    return report.pods().stream().map(PodReport.Pod::uid).toList();
  }

  private void all(Function<PodReport, @Nullable PodReportReply> answer) {
    one.pods = answer;
    other.pods = answer;
  }

  private BrokerPodLookup connected() {
    BrokerLinks links = rig.connect(rig.options(one, other));
    await().until(() -> links.connections() == 2);
    return asking(links, 1000);
  }

  private BrokerPodLookup asking(BrokerLinks links, int maximum) {
    return new BrokerPodLookup(
        rig.context,
        links,
        rig,
        Hedging.of(rig.vertx, rig.context, UpstreamRig.HEDGE_AFTER, rig.meters),
        TIMEOUT,
        maximum,
        rig.meters);
  }

  private static CompletableFuture<Presence> ask(BrokerPodLookup lookups, int number) {
    return lookups.ask(pod(number)).toCompletableFuture();
  }

  private static Presence soon(CompletableFuture<Presence> answer) throws Exception {
    return answer.get(5, TimeUnit.SECONDS);
  }

  /** Returns the pods reported without a waiting pod. */
  private static List<String> reported(FakeBroker broker) {
    return broker.podReports().stream()
        .filter(report -> !report.first())
        .flatMap(report -> uids(report).stream())
        .toList();
  }

  private static long lookups(FakeBroker broker) {
    return broker.podReports().stream().filter(PodReport::first).count();
  }

  @Test
  void tellEachBrokerAllPodsFirstAndThenThoseThatAreNewOnceEach() {
    IntStream.range(0, 150).forEach(number -> rig.serves(number));
    connected();
    Stream.of(one, other).forEach(broker -> await().until(() -> reported(broker).size() == 150));

    rig.serves(150);

    Stream.of(one, other).forEach(broker -> await().until(() -> reported(broker).size() == 151));
    await()
        .during(Duration.ofMillis(300))
        .until(() -> reported(one).size() == 151 && reported(one).getLast().equals("uid-150"));
    assertThat(rig.podAnswers).contains(allThere(one.podReports().getFirst()));
  }

  @Test
  void tellTheNewConnectionEverything() {
    rig.serves(1);
    connected();
    await().until(() -> reported(one).size() == 1);

    one.cutOff();

    await().until(() -> reported(one).size() == 2);
  }

  @Test
  void tellAgainWhatTheBrokerCannotSayAnythingOf() {
    all(PodReportsIT::allUnknown);
    rig.serves(1);
    connected();
    await().atMost(Duration.ofSeconds(10)).until(() -> reported(one).size() == 2);

    one.pods = report -> reply(uids(report), List.of());
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> rig.podAnswers.contains(reply(List.of("uid-1"), List.of())));
  }

  @Test
  void haveBrokersPushWhatIsGone() {
    connected();
    await().until(() -> registered(one));

    one.push(BusProtocol.PODS_GONE, new PodsGone(BusProtocol.VERSION, List.of("uid-1", "uid-2")));

    await().until(() -> rig.gone.equals(List.of("uid-1", "uid-2")));
  }

  private static boolean registered(FakeBroker broker) {
    return broker.frames.stream().anyMatch(frame -> BusProtocol.PODS_GONE.equals(frame.address()));
  }

  @Test
  void tellABrokerOfTheVersionBeforeNothing() {
    one.version = 1;
    other.version = 1;
    rig.serves(1);
    connected();

    await()
        .during(Duration.ofMillis(300))
        .until(() -> one.podReports().isEmpty() && !registered(one) && one.connections() == 1);
    assertThat(rig.podAnswers).isEmpty();
  }

  @Test
  void askOnceForAllThatWaitForTheSamePodAndTogetherForThoseThatComeAtOnce() throws Exception {
    BrokerPodLookup lookups = connected();
    List<CompletableFuture<Presence>> answers =
        IntStream.range(0, 250).mapToObj(number -> ask(lookups, number % 50)).toList();

    for (CompletableFuture<Presence> answer : answers) {
      assertThat(soon(answer)).isEqualTo(Presence.THERE);
    }
    assertThat(lookups(one) + lookups(other)).isLessThan(50);
  }

  @Test
  void sayWhatTheFirstBrokerSays() throws Exception {
    all(report -> report.first() ? reply(List.of("uid-1"), List.of()) : allThere(report));
    BrokerPodLookup lookups = connected();

    assertThat(soon(ask(lookups, 1))).isEqualTo(Presence.GONE);
    assertThat(soon(ask(lookups, 2))).isEqualTo(Presence.THERE);
    assertThat(
            rig.registry.get("claviger.edge.pods.lookups").tag("result", "gone").counter().count())
        .isEqualTo(1);
  }

  @Test
  void askTheSecondBrokerWhenTheFirstIsSilent() throws Exception {
    BrokerPodLookup lookups = connected();
    one.answersPings = false;
    other.answersPings = false;
    // The broker that is asked first is the silent one.
    one.pods = report -> report.first() && lookups(other) == 0 ? null : allThere(report);
    other.pods = report -> report.first() && lookups(one) == 0 ? null : allThere(report);

    assertThat(soon(ask(lookups, 1))).isEqualTo(Presence.THERE);
    assertThat(lookups(one)).isEqualTo(1);
    assertThat(lookups(other)).isEqualTo(1);
  }

  @Test
  void askTheSecondBrokerAtOnceForWhatTheFirstCannotSay() throws Exception {
    BrokerPodLookup lookups = connected();
    one.pods = report -> lookups(other) == 0 ? allUnknown(report) : allThere(report);
    other.pods = report -> lookups(one) == 0 ? allUnknown(report) : allThere(report);

    assertThat(ask(lookups, 1).get(300, TimeUnit.MILLISECONDS)).isEqualTo(Presence.THERE);
  }

  @Test
  void sayThatTheClusterWasNotAskedWhereABrokerSaysSoAndTheOtherCannotSay() throws Exception {
    BrokerPodLookup lookups = connected();
    one.pods =
        report -> new PodReportReply(PodPolicy.PREFERRED, List.of(), uids(report), uids(report));
    other.pods = PodReportsIT::allUnknown;

    assertThat(soon(ask(lookups, 1))).isEqualTo(Presence.NOT_ASKED);
  }

  @Test
  void sayThatNobodyKnowsInTimeForThePodToBeAnswered() throws Exception {
    BrokerPodLookup lookups = connected();
    all(report -> report.first() ? null : allThere(report));

    assertThat(ask(lookups, 1).get(850, TimeUnit.MILLISECONDS)).isEqualTo(Presence.UNKNOWN);
  }

  @Test
  void sayAtOnceThatNobodyKnowsWhereNoBrokerIsConnectedAndThatNobodyIsAskedWhereTooManyWait()
      throws Exception {
    BrokerLinks none = rig.connect(rig.options());
    assertThat(ask(asking(none, 10), 1).get(300, TimeUnit.MILLISECONDS))
        .isEqualTo(Presence.UNKNOWN);

    BrokerPodLookup full = asking(none, 0);
    assertThat(ask(full, 1)).isCompletedWithValue(Presence.NOT_ASKED);
  }
}
