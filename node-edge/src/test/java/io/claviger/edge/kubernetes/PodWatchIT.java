package io.claviger.edge.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.telemetry.Meters;
import io.claviger.edge.upstream.TestAuthority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodWatchIT {

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<String> deleted = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Path token;
  private Path ca;
  private FakePods pods;
  private Duration silence = Duration.ofSeconds(30);

  @BeforeEach
  void listen() throws Exception {
    TestAuthority authority = new TestAuthority();
    ca = authority.writeTo(directory.resolve("ca.pem"));
    token = Files.writeString(directory.resolve("token"), "first\n");
    pods = new FakePods(vertx, authority);
    pods.uids = List.of("a", "b", "c");
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void watch() {
    new PodWatch(
            vertx,
            vertx.getOrCreateContext(),
            pods.api(token, ca, silence),
            deleted::add,
            () -> 0,
            new EdgeMeters(registry))
        .start();
  }

  private static void soon(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(15)).until(condition);
  }

  private void isWatched() {
    soon(pods::watched);
  }

  private double known() {
    return registry.get(Meters.PODS_KNOWN).gauge().value();
  }

  @Test
  void asksForTheMetadataOfItsNodesPodsFromTheApiServersMemory() {
    watch();
    isWatched();

    assertThat(pods.queries.get(0))
        .isEqualTo("fieldSelector=spec.nodeName%3Dnode-1&resourceVersion=0");
    assertThat(pods.queries.get(1))
        .startsWith("fieldSelector=spec.nodeName%3Dnode-1&watch=true&allowWatchBookmarks=true")
        .endsWith("resourceVersion=100");
    assertThat(pods.authorizations).containsOnly("Bearer first");
    assertThat(known()).isEqualTo(3);
  }

  @Test
  void tellsOfAPodOnceItIsDeletedAndNotWhenItChanges() {
    watch();
    isWatched();

    pods.tell("ADDED", "d", "101");
    pods.tell("MODIFIED", "a", "102");
    pods.tell("DELETED", "b", "103");
    pods.tell("DELETED", "d", "104");

    soon(() -> deleted.size() == 2);
    assertThat(deleted).containsExactly("b", "d");
    assertThat(known()).isEqualTo(2);
    assertThat(registry.get(Meters.PODS_DELETED).counter().count()).isEqualTo(2);
  }

  @Test
  void goesOnFromTheLastVersionWhenTheWatchsTimeIsOver() throws Exception {
    watch();
    isWatched();
    pods.tell("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"150\"}}}");
    Files.writeString(token, "second");
    pods.endWatch();
    isWatched();

    assertThat(pods.queries.getLast()).endsWith("resourceVersion=150");
    assertThat(pods.authorizations.getLast()).isEqualTo("Bearer second");
    assertThat(pods.queries).hasSize(3);
  }

  @Test
  void listsAgainWhatItMissedButNothingOlderThanItKnows() {
    watch();
    isWatched();
    pods.tell("DELETED", "a", "120");
    soon(() -> deleted.size() == 1);

    pods.uids = List.of("c", "e");
    pods.breakWatch();

    soon(() -> deleted.size() == 2);
    assertThat(deleted).containsExactly("a", "b");
    assertThat(pods.queries.get(2))
        .endsWith("&resourceVersionMatch=NotOlderThan&resourceVersion=120");
  }

  @Test
  void listsAgainWhenNothingComesOfAWatchAnyMore() {
    silence = Duration.ofMillis(500);
    watch();
    isWatched();
    pods.uids = List.of("a", "b");

    soon(() -> deleted.equals(List.of("c")));
  }

  @Test
  void listsAgainWhenTheVersionIsTooOld() {
    watch();
    isWatched();
    pods.uids = List.of("a", "b");

    pods.tell(
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}");

    soon(() -> deleted.equals(List.of("c")));
  }

  @Test
  void listsAgainWhenTheWatchIsAnsweredThatTheVersionIsTooOld() {
    pods.watchStatus = 410;
    watch();
    soon(() -> pods.queries.size() >= 2);
    pods.uids = List.of("a");
    pods.watchStatus = 200;

    isWatched();
    assertThat(deleted).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void listsAgainWhenALineIsTooLongOrNoEvent() {
    watch();
    isWatched();
    pods.uids = List.of("a", "b");
    pods.tell("ADDED", "x".repeat(300 * 1024), "101");
    soon(() -> deleted.contains("c"));

    soon(() -> pods.queries.size() == 4);
    isWatched();
    pods.uids = List.of("a");
    pods.tell("no event");
    soon(() -> deleted.contains("b"));
  }

  @Test
  void asksForTheNewestWhenTheClusterNeverHadItsVersion() {
    watch();
    isWatched();
    pods.status = 504;
    pods.breakWatch();
    soon(() -> pods.queries.size() == 5);

    pods.status = 200;
    isWatched();

    assertThat(pods.queries.subList(2, pods.queries.size()))
        .anyMatch(query -> query.equals("fieldSelector=spec.nodeName%3Dnode-1"));
  }

  @Test
  void goesOnWithoutWherePodsMayNotBeWatched() {
    pods.status = 403;
    watch();

    soon(() -> registry.get(Meters.POD_LISTS).tag("result", "failed").counter().count() == 1);
    assertThat(deleted).isEmpty();
  }

  @Test
  void deletesNobodyWhileTheApiServerIsAway() throws Exception {
    Files.delete(token);
    watch();

    soon(() -> registry.get(Meters.POD_LISTS).tag("result", "failed").counter().count() >= 1);
    assertThat(deleted).isEmpty();
    assertThat(pods.queries).isEmpty();
    Files.writeString(token, "late");
    isWatched();
  }
}
