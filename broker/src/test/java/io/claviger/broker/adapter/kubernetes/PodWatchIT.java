package io.claviger.broker.adapter.kubernetes;

import static io.claviger.broker.adapter.kubernetes.FakePods.uid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.identity.KnownPods;
import io.claviger.broker.ingress.Certificates;
import io.claviger.broker.telemetry.PodMeters;
import io.claviger.config.http.ApiServerClient;
import io.claviger.config.http.RotatedFiles;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodWatchIT {

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<String> unhandled = new CopyOnWriteArrayList<>();
  private final List<String> gone = new CopyOnWriteArrayList<>();
  private final KnownPods known = new KnownPods(Ticker.systemTicker());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Path token;
  private Path ca;
  private FakePods pods;
  private Duration silence = Duration.ofSeconds(30);

  @BeforeEach
  void listen() throws Exception {
    Certificates certificates = new Certificates(directory);
    ca = certificates.authorityFile();
    token = Files.writeString(directory.resolve("token"), "first\n");
    pods = new FakePods(vertx, certificates);
    pods.pages = List.of(uids(1, 2, 3));
    known.listen(uids -> uids.forEach(uid -> gone.add(uid.toString())));
    vertx.exceptionHandler(failure -> unhandled.add(failure.toString()));
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(unhandled).isEmpty();
  }

  private static List<String> uids(int... numbers) {
    return IntStream.of(numbers).mapToObj(FakePods::uid).toList();
  }

  private void watch() {
    vertx.deployVerticle(
        new PodWatch(
            "c1",
            new PodsApi(
                new ApiServerClient(vertx, pods.url(), RotatedFiles.of(token, ca), silence)),
            known,
            () -> 0,
            new PodMeters(registry)));
  }

  private static void soon(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(15)).until(condition);
  }

  private void isWatched() {
    soon(() -> pods.watched() && known.complete());
  }

  private boolean has(int number) {
    return known.has(UUID.fromString(uid(number)));
  }

  private double gauge(String name) {
    return registry.get(name).tag("cluster", "c1").gauge().value();
  }

  private double lists(String result) {
    var counter = registry.find(PodMeters.LISTS).tags("cluster", "c1", "result", result).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void asksForTheMetadataOfAllPodsPageByPageAsTheStorageHasThem() {
    pods.pages = List.of(uids(1, 2), uids(3), uids(4));
    watch();
    isWatched();

    assertThat(pods.queries.subList(0, 3))
        .containsExactly(
            "/api/v1/pods?limit=500",
            "/api/v1/pods?limit=500&continue=1",
            "/api/v1/pods?limit=500&continue=2");
    assertThat(pods.queries.get(3))
        .startsWith("/api/v1/pods?watch=true&allowWatchBookmarks=true")
        .endsWith("resourceVersion=100");
    assertThat(pods.accepted).allMatch(type -> type.contains("as=PartialObjectMetadata"));
    assertThat(pods.authorizations).containsOnly("Bearer first");
    assertThat(gauge(PodMeters.KNOWN)).isEqualTo(4);
    assertThat(gauge(PodMeters.WATCHED)).isEqualTo(1);
  }

  @Test
  void tellsOfAPodOnceItIsNoObjectAnyMoreAndNotWhileItEnds() {
    watch();
    isWatched();

    pods.send("ADDED", uid(4), "101");
    pods.tellTerminating(uid(1), "102");
    pods.send("DELETED", uid(2), "103");
    pods.send("DELETED", uid(4), "104");

    soon(() -> gone.size() == 2);
    assertThat(gone).containsExactly(uid(2), uid(4));
    assertThat(has(1)).isTrue();
    assertThat(known.size()).isEqualTo(2);
  }

  @Test
  void goesOnFromTheLastVersionWhenTheWatchsTimeIsOver() throws Exception {
    watch();
    isWatched();
    pods.send("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"150\"}}}");
    Files.writeString(token, "second");
    pods.endWatch();
    isWatched();

    assertThat(pods.queries.getLast()).endsWith("resourceVersion=150");
    assertThat(pods.authorizations.getLast()).isEqualTo("Bearer second");
    assertThat(pods.queries).hasSize(3);
  }

  @Test
  void goesOnFromTheLastVersionWhenTheConnectionBreaksWithoutAnotherList() {
    watch();
    isWatched();
    pods.send("DELETED", uid(1), "120");
    soon(() -> gone.size() == 1);

    pods.breakWatch();
    soon(() -> !known.complete());
    isWatched();

    assertThat(pods.queries.getLast()).endsWith("resourceVersion=120");
    assertThat(lists("ok")).isEqualTo(1);
  }

  @Test
  void goesOnWhenNothingComesOfAWatchAnyMore() {
    silence = Duration.ofMillis(500);
    watch();
    isWatched();

    soon(() -> pods.queries.size() >= 3);
    assertThat(lists("failed")).isGreaterThanOrEqualTo(1);
  }

  @Test
  void tellsWhatAnotherListDoesNotHaveWhenTheVersionIsTooOld() {
    watch();
    isWatched();
    pods.pages = List.of(uids(1), uids(2));

    pods.send(
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}");

    soon(() -> gone.equals(uids(3)));
  }

  @Test
  void listsAgainWhenTheWatchIsAnsweredThatTheVersionIsTooOld() {
    pods.watchStatus = 410;
    watch();
    soon(() -> pods.queries.size() >= 2);
    pods.pages = List.of(uids(1));
    pods.watchStatus = 200;

    isWatched();
    assertThat(gone).containsExactlyInAnyOrder(uid(2), uid(3));
  }

  @Test
  void listsFromTheFirstPageWhenTheListHasBecomeTooOldAndTellsNothingOfHalfAList() {
    watch();
    isWatched();
    pods.pages = List.of(uids(1), uids(2));
    pods.nextPageStatus = 410;
    pods.send("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}");
    soon(() -> lists("failed") >= 2);
    assertThat(gone).isEmpty();

    pods.nextPageStatus = 200;
    soon(() -> gone.equals(uids(3)));
    isWatched();
    assertThat(has(2)).isTrue();
  }

  @Test
  @Tag("ci")
  void listsAgainWhenTheClusterNeverHadItsVersion() {
    watch();
    isWatched();
    pods.pages = List.of(uids(1, 2));
    pods.watchStatus = 504;
    pods.breakWatch();
    soon(() -> gone.equals(uids(3)));

    pods.watchStatus = 200;
    isWatched();
  }

  @Test
  @Tag("ci")
  void listsAgainWhenALineIsTooLongOrNoEventOrOfNoUid() {
    watch();
    isWatched();
    pods.pages = List.of(uids(1, 2));
    pods.send("ADDED", "x".repeat(3 << 20), "101");
    soon(() -> gone.contains(uid(3)));

    isWatched();
    pods.pages = List.of(uids(1));
    pods.send("no event");
    soon(() -> gone.contains(uid(2)));

    isWatched();
    pods.pages = List.of(List.of());
    pods.send("DELETED", "not-a-uid", "102");
    soon(() -> gone.contains(uid(1)));
  }

  static Stream<Buffer> wrongLists() {
    String pod =
        "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":{\"uid\":%s}}]}";
    return Stream.of(
        Buffer.buffer(pod.formatted("\"no-uid\"")),
        Buffer.buffer(pod.formatted("7")),
        Buffer.buffer(pod.formatted("null")),
        Buffer.buffer("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{"),
        Buffer.buffer("[[[7"),
        Buffer.buffer(" ".repeat(100 << 20)));
  }

  @ParameterizedTest
  @MethodSource("wrongLists")
  void takesNoListOfWhatAreNoUidsOrThatDoesNotEnd(Buffer garbage) {
    pods.garbage = garbage;
    watch();

    soon(() -> lists("failed") >= 1);
    assertThat(known.complete()).isFalse();
    assertThat(known.size()).isZero();
    pods.garbage = null;
    isWatched();
    assertThat(gone).isEmpty();
  }

  @Test
  void knowsThatItKnowsNothingWherePodsMayNotBeWatchedUntilTheyMay() {
    pods.status = 403;
    watch();
    soon(() -> lists("failed") == 1);
    assertThat(known.complete()).isFalse();
    assertThat(gauge(PodMeters.WATCHED)).isZero();

    pods.status = 200;
    isWatched();
    assertThat(gone).isEmpty();
  }

  @Test
  void tellsOfNobodyWhileTheApiServerIsAway() throws Exception {
    Files.delete(token);
    watch();

    soon(() -> lists("failed") >= 1);
    assertThat(pods.queries).isEmpty();
    Files.writeString(token, "late");
    isWatched();
    assertThat(gone).isEmpty();
  }
}
