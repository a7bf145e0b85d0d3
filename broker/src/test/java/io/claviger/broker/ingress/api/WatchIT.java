package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.KafkaFixture;
import io.claviger.broker.adapter.kafka.RunningKafka;
import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.ingress.api.WatchClient.Event;
import io.claviger.broker.telemetry.ApiMeters;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eks.EksAsyncClient;

/** The list that goes on, over HTTP and a real log. */
@ExtendWith(KafkaFixture.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WatchIT {

  /** Closes connections without traffic after 2 s. */
  private static final ApiLimits IMPATIENT =
      new ApiLimits(
          2_000,
          512,
          16 * 1024,
          64 * 1024,
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          new WatchLimits(
              4,
              Duration.ofMillis(500),
              Duration.ofMillis(100),
              Duration.ofSeconds(1),
              Duration.ofSeconds(8)));

  private final RunningKafka kafka;
  private final List<WatchClient> open = new ArrayList<>();
  private ApiRig rig;
  private ApiMember member;
  private EksAsyncClient writer;
  private RawApi raw;
  private String cluster = "";

  WatchIT(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  void start(@TempDir Path sealingKeys) {
    rig = new ApiRig(kafka, sealingKeys);
    member = rig.member("watch-1", IMPATIENT);
    writer = rig.client(rig.member("watch-2"), ApiRig.ADMIN);
    raw = new RawApi(member.endpoint(), ApiRig.ADMIN);
  }

  @BeforeEach
  void takeAnUnusedCluster() {
    cluster = rig.unusedCluster();
  }

  @AfterEach
  void leave() {
    rig.restore();
    open.forEach(WatchClient::close);
    await().atMost(Duration.ofSeconds(15)).until(() -> watchers() == 0);
  }

  @AfterAll
  void stop() throws Exception {
    rig.close();
  }

  private double watchers() {
    return member.meters().get(ApiMeters.WATCHERS).gauge().value();
  }

  private double ended(String reason) {
    var counter = member.meters().find(ApiMeters.WATCHES_ENDED).tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  private String path(String query) {
    return "/clusters/" + cluster + "/pod-identity-associations?watch=true" + query;
  }

  private WatchClient watch(RawApi api, String query, String... headers) {
    WatchClient client = new WatchClient(api.lines(path(query), headers));
    open.add(client);
    return client;
  }

  private String create(String namespace, String serviceAccount) {
    return writer
        .createPodIdentityAssociation(ApiRig.request(cluster, namespace, serviceAccount).build())
        .join()
        .association()
        .associationId();
  }

  private void delete(String id) {
    writer.deletePodIdentityAssociation(r -> r.clusterName(cluster).associationId(id)).join();
  }

  private void seen(WatchClient client, int changes) {
    await().atMost(Duration.ofSeconds(20)).until(() -> client.changes().size() >= changes);
  }

  @Test
  void showsWhatThereIsThenWhatChanges() {
    create("shop", "cart");
    WatchClient client = watch(raw, "");
    await().until(client::hasBegun);
    String id = create("shop", "orders");
    writer
        .updatePodIdentityAssociation(
            r -> r.clusterName(cluster).associationId(id).roleArn(ApiRig.role("shop-writer")))
        .join();
    delete(id);
    seen(client, 3);

    assertThat(client.response().headers().firstValue("Content-Type"))
        .contains("text/event-stream");
    assertThat(client.response().headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(client.response().headers().firstValue("x-amzn-RequestId")).isPresent();
    assertThat(client.events())
        .extracting(Event::type)
        .containsExactly("ADDED", "BOOKMARK", "ADDED", "MODIFIED", "DELETED");
    Event deleted = client.events().getLast();
    assertThat(deleted.data().getJsonObject("association").getString("roleArn"))
        .isEqualTo(ApiRig.role("shop-writer"));
    assertThat(deleted.id()).endsWith("-" + deleted.sequence());
    assertThat(client.events().getFirst().id()).isEmpty();
  }

  @Test
  void showsEveryChangeThatAnotherBrokerMakesOnceAndInOrder() {
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 100; i++) {
                delete(create("shop", "sa-" + i % 7));
              }
            });
    await().until(() -> count() > 20);
    WatchClient client = watch(raw, "");
    writing.join();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !client.changes().isEmpty() && client.changes().getLast().sequence() == 200);

    long from =
        client.events().stream()
            .filter(event -> event.type().equals("BOOKMARK"))
            .findFirst()
            .orElseThrow()
            .sequence();
    assertThat(client.changes())
        .extracting(Event::sequence)
        .containsExactlyElementsOf(LongStream.rangeClosed(from + 1, 200).boxed().toList());
  }

  private long count() {
    var answer =
        new JsonObject(
            raw.signed("GET", "/clusters/" + cluster + "/pod-identity-associations", "").body());
    return answer.getJsonArray("associations").size() + 21L;
  }

  @Test
  void goesOnWhereAClientHadComeTo() {
    WatchClient first = watch(raw, "");
    for (int i = 0; i < 10; i++) {
      create("shop", "sa-" + i);
    }
    seen(first, 10);
    String middle = first.changes().get(4).id();

    WatchClient resumed = watch(raw, "", "Last-Event-ID", middle);
    create("shop", "sa-last");
    seen(resumed, 6);

    assertThat(resumed.events())
        .extracting(Event::serviceAccount)
        .containsExactly("sa-5", "sa-6", "sa-7", "sa-8", "sa-9", "sa-last");
  }

  @Test
  @Tag("long")
  void refusesAPositionThatIsNotKnownAnyMore() {
    for (int i = 0; i <= ApiMember.KEPT / 2; i++) {
      delete(create("shop", "cart"));
    }
    WatchClient now = watch(raw, "");
    await().until(now::hasBegun);
    String last = now.events().getLast().id();
    String epoch = last.substring(0, last.indexOf('-'));

    assertExpired(epoch + "-1");
    assertExpired(epoch + "-100000");
    assertExpired("99999999-1");
    assertThat(raw.signed("GET", path(""), "", "Last-Event-ID", "soon").statusCode())
        .isEqualTo(400);
    assertThat(raw.signed("GET", path("&maxResults=5"), "").statusCode()).isEqualTo(400);
  }

  private void assertExpired(String id) {
    HttpResponse<String> answer = raw.signed("GET", path(""), "", "Last-Event-ID", id);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(410);
    assertThat(answer.headers().firstValue("x-amzn-ErrorType"))
        .contains("ResourceExpiredException");
  }

  @Test
  void showsOnlyWhatTheFiltersAndTheGrantsOfThatMomentLetThrough() {
    create("bank", "cart");
    create("shop", "cart");
    WatchClient filtered = watch(raw, "&namespace=shop&serviceAccount=cart");
    WatchClient team = watch(new RawApi(member.endpoint(), ApiRig.TEAM), "");
    await().until(() -> filtered.hasBegun() && team.hasBegun());
    create("bank", "orders");
    create("shop", "orders");
    seen(team, 1);
    rig.grant(new Grants(List.of(Grant.ofEverything("key/" + ApiRig.ADMIN))));
    create("shop", "stock");

    await().until(team::isOver);
    assertThat(team.events()).hasSize(3);
    assertThat(team.changes()).extracting(Event::serviceAccount).containsExactly("orders");
    assertThat(filtered.events()).filteredOn(e -> !e.type().equals("BOOKMARK")).hasSize(1);
    assertThat(ended("not-granted")).isPositive();
  }

  @Test
  void endsWhenItsKeyIsRemoved() {
    WatchClient team = watch(new RawApi(member.endpoint(), ApiRig.TEAM), "");
    await().until(team::hasBegun);
    rig.registerOnly(ApiRig.ADMIN);

    await().atMost(Duration.ofSeconds(3)).until(team::isOver);
  }

  @Test
  @Tag("long")
  void staysOpenThoughNothingHappensAndEndsAfterItsLife() {
    WatchClient client = watch(raw, "");
    double before = ended("life");

    await().atMost(Duration.ofSeconds(7)).until(() -> client.heartbeats() > 10);
    assertThat(client.isOver()).isFalse();
    await().atMost(Duration.ofSeconds(6)).until(client::isOver);
    assertThat(ended("life")).isEqualTo(before + 1);
  }

  @Test
  void isNoRequestUnderWayAndNotOpenedWithoutEnd() {
    List<WatchClient> clients =
        IntStream.range(0, IMPATIENT.watches().watchers()).mapToObj(i -> watch(raw, "")).toList();
    await().until(() -> clients.stream().allMatch(WatchClient::hasBegun));

    assertThat(member.meters().get(ApiMeters.UNDER_WAY).gauge().value()).isZero();
    HttpResponse<String> more = raw.signed("GET", path(""), "");
    assertThat(more.statusCode()).isEqualTo(429);
    assertThat(more.headers().firstValue("x-amzn-ErrorType")).contains("ThrottlingException");
  }

  @Test
  void cutsOffAClientThatDoesNotRead() throws Exception {
    double before = ended("slow");
    try (SlowReader reader = new SlowReader(member.endpoint(), raw, path(""))) {
      String big = "x".repeat(250);
      IntStream.range(0, 150).parallel().forEach(i -> createWithTags("sa-" + i, big));

      await().atMost(Duration.ofSeconds(30)).until(() -> ended("slow") == before + 1);
      assertThat(reader.isCutOff()).isTrue();
    }
  }

  private void createWithTags(String serviceAccount, String value) {
    var tags =
        Stream.iterate(0, i -> i + 1)
            .limit(45)
            .collect(Collectors.toMap(i -> "tag-" + i, i -> value));
    Objects.requireNonNull(
        writer
            .createPodIdentityAssociation(
                ApiRig.request(cluster, "shop", serviceAccount).tags(tags).build())
            .join());
  }
}
