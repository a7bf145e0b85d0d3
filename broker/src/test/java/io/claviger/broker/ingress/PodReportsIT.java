package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.identity.KnownPods;
import io.claviger.broker.identity.PodChecks;
import io.claviger.broker.identity.PodNodes;
import io.claviger.broker.identity.PodNodes.NodeLookup;
import io.claviger.broker.identity.TokenReviews;
import io.claviger.broker.telemetry.PodMeters;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.config.bridge.Bodies;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.PodReport;
import io.claviger.schemas.bus.PodReportReply;
import io.claviger.schemas.bus.PodsGone;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers and pushes about the pods that an edge reports. */
class PodReportsIT {

  @TempDir private Path directory;
  private final KnownPods pods = new KnownPods(Ticker.systemTicker());
  private final List<String> lookedFor = new CopyOnWriteArrayList<>();
  private volatile NodeLookup lookup = new NodeLookup.Away("down");
  private BridgeFixture bridge;

  @BeforeEach
  void open() throws Exception {
    bridge = new BridgeFixture(directory);
  }

  @AfterEach
  void close() throws Exception {
    bridge.close();
  }

  private void answer(PodPolicy policy) throws Exception {
    answer(policy, 500);
  }

  private void answer(PodPolicy policy, int perSecond) throws Exception {
    PodMeters meters = new PodMeters(bridge.meters);
    PodChecks checks =
        new PodChecks(
            new PodChecks.Rules("c1", policy, perSecond, false),
            (token, audience) ->
                CompletableFuture.completedStage(new TokenReviews.Review.Standing()),
            this::find,
            pods,
            (delay, task) -> bridge.vertx.setTimer(delay.toMillis(), timer -> task.run()),
            Ticker.systemTicker(),
            new TokenMeters(bridge.meters));
    new PodPushes(bridge.connections, meters).listen("c1", pods);
    BridgeFixture.await(
        bridge.vertx.deployVerticle(new PodReportHandler(Map.of("c1", checks), meters)));
  }

  private CompletableFuture<NodeLookup> find(PodNodes.Pod pod) {
    lookedFor.add(pod.namespace() + "/" + pod.name());
    return CompletableFuture.completedFuture(lookup);
  }

  private void areAllKnown(int... numbers) {
    pods.listBegins();
    pods.present(uuids(numbers));
    pods.listEnds();
    pods.complete(true);
  }

  private static List<UUID> uuids(int... numbers) {
    return IntStream.of(numbers).mapToObj(number -> new UUID(7, number)).toList();
  }

  private static String uid(int number) {
    return new UUID(7, number).toString();
  }

  private EdgeClient registered() throws Exception {
    EdgeClient edge = bridge.loggedIn();
    edge.register(BusProtocol.PODS_GONE).frame("{\"type\":\"ping\"}");
    assertThat(edge.read().getString("type")).isEqualTo("pong");
    return edge;
  }

  private static PodReportReply report(EdgeClient edge, boolean first, int... numbers)
      throws Exception {
    List<PodReport.Pod> reported =
        IntStream.of(numbers)
            .mapToObj(number -> new PodReport.Pod("shop", "cart-" + number, uid(number)))
            .toList();
    JsonObject answer =
        edge.send(
                BusProtocol.PODS,
                "r",
                Bodies.of(new PodReport(BusProtocol.VERSION, first, reported)))
            .read();
    return Bodies.read(answer.getJsonObject("body").toBuffer(), PodReportReply.class);
  }

  private static PodsGone pushed(EdgeClient edge) throws Exception {
    JsonObject frame = edge.read();
    assertThat(frame.getString("address")).isEqualTo(BusProtocol.PODS_GONE);
    return Bodies.read(frame.getJsonObject("body").toBuffer(), PodsGone.class);
  }

  @Test
  void saysWhichAreGoneAlreadyAndPushesThoseThatAreLaterOnce() throws Exception {
    answer(PodPolicy.PREFERRED);
    areAllKnown(1, 2, 3, 4);
    pods.gone(uuids(1));
    try (EdgeClient edge = registered()) {
      assertThat(report(edge, false, 1, 2, 3))
          .isEqualTo(new PodReportReply(PodPolicy.PREFERRED, List.of(uid(1)), List.of(), null));

      pods.gone(uuids(4));
      pods.gone(uuids(2));
      pods.gone(uuids(2));
      pods.gone(uuids(3));

      assertThat(pushed(edge).uids()).containsExactly(uid(2));
      assertThat(pushed(edge).uids()).containsExactly(uid(3));
      assertThat(bridge.meters.get(PodMeters.GONE_PUSHED).tag("cluster", "c1").counter().count())
          .isEqualTo(2);
    }
  }

  @Test
  void pushesNothingOfPodsThatAnotherEdgeHasReported() throws Exception {
    answer(PodPolicy.PREFERRED);
    areAllKnown(1, 2);
    try (EdgeClient edge = registered();
        EdgeClient other = registered()) {
      report(edge, false, 1);
      report(other, false, 2);

      pods.gone(uuids(1));
      pods.gone(uuids(2));

      assertThat(pushed(other).uids()).containsExactly(uid(2));
      assertThat(pushed(edge).uids()).containsExactly(uid(1));
    }
  }

  @Test
  void pushesWhatAListDoesNotHaveAnyMoreInSeveralFramesWhereItIsMuch() throws Exception {
    answer(PodPolicy.PREFERRED);
    areAllKnown(IntStream.range(0, 700).toArray());
    try (EdgeClient edge = registered()) {
      for (int from = 0; from < 700; from += 100) {
        report(edge, false, IntStream.range(from, from + 100).toArray());
      }
      areAllKnown(1);

      List<String> reported = new ArrayList<>(pushed(edge).uids());
      reported.addAll(pushed(edge).uids());
      assertThat(reported).hasSize(699).doesNotContain(uid(1));
    }
  }

  @Test
  void asksTheClusterForWhatIsNewToItAndSaysWhatItCannotSay() throws Exception {
    answer(PodPolicy.REQUIRED);
    try (EdgeClient edge = registered()) {
      assertThat(report(edge, false, 1))
          .isEqualTo(new PodReportReply(PodPolicy.REQUIRED, List.of(), List.of(uid(1)), null));
      assertThat(lookedFor).isEmpty();
      assertThat(report(edge, true, 1).unknown()).containsExactly(uid(1));
      assertThat(lookedFor).containsExactly("shop/cart-1");

      lookup = new NodeLookup.Gone();
      assertThat(report(edge, true, 2).gone()).containsExactly(uid(2));
      lookup = new NodeLookup.On("node-1");
      assertThat(report(edge, true, 3)).isEqualTo(PodReportReply.allThere(PodPolicy.REQUIRED));
    }
  }

  /** The policy covers an unreachable cluster, so an edge must not apply it to these pods. */
  @Test
  void saysOfWhichTheClusterWasNotAskedBecauseTooManyAreNew() throws Exception {
    answer(PodPolicy.PREFERRED, 2);
    lookup = new NodeLookup.On("node-1");
    try (EdgeClient edge = registered()) {
      assertThat(report(edge, true, 1, 2))
          .isEqualTo(
              new PodReportReply(PodPolicy.PREFERRED, List.of(), List.of(uid(2)), List.of(uid(2))));
    }
  }

  @Test
  void believesThatAllAreThereWhereTheClusterIsNotAsked() throws Exception {
    answer(PodPolicy.OFF);
    try (EdgeClient edge = registered()) {
      assertThat(report(edge, true, 1)).isEqualTo(PodReportReply.allThere(PodPolicy.OFF));
      assertThat(lookedFor).isEmpty();
    }
  }

  @Test
  void takesNoReportThatIsTooLongOrNone() throws Exception {
    answer(PodPolicy.PREFERRED);
    JsonArray tooMany = new JsonArray();
    IntStream.rangeClosed(0, PodReport.MAX_PODS)
        .forEach(
            number ->
                tooMany.add(
                    new JsonObject()
                        .put("namespace", "n")
                        .put("name", "p" + number)
                        .put("uid", uid(number))));
    try (EdgeClient edge = registered()) {
      JsonObject body = new JsonObject().put("version", 2).put("first", true).put("pods", tooMany);
      assertThat(edge.send(BusProtocol.PODS, "r", body).read().getString("message"))
          .contains("malformed");
      assertThat(edge.send(BusProtocol.PODS, "r", new JsonObject()).read().getString("message"))
          .contains("malformed");
    }
  }
}
