package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.RunningKafka;
import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.ingress.api.WatchClient.Event;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The events of a watch: positions, order, and grants. */
final class WatchedChangesIT extends WatchCase {

  WatchedChangesIT(RunningKafka kafka) {
    super(kafka);
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
  @Tag("ci")
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
}
