package io.claviger.broker.adapter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.identity.TestClock;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodEventsIT {

  private static final String PATH = "/api/v1/namespaces/app1/events";

  private final TestClock clock = new TestClock(Instant.parse("2026-11-24T12:00:00.7Z"));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MockedApiServer api = new MockedApiServer();
  private final PodEvents events =
      new PodEvents(api.vertx, api.client, "c1", "broker-1", clock, clock, new TokenMeters(meters));

  @AfterEach
  void close() throws Exception {
    api.close();
  }

  private void takesEvents() {
    api.server.expect().post().withPath(PATH).andReturn(201, "{}").always();
  }

  private void refuse(String pod, RefusalReason reason) {
    events.refused(
        new WorkloadIdentity("c1", "app1", "web", pod, "uid-of-" + pod, "node-1"),
        reason,
        "create an association");
  }

  private double count(String result) {
    var counter = meters.find(TokenMeters.POD_EVENTS).tags("result", result).counter();
    return counter == null ? 0 : counter.count();
  }

  private void isCounted(String result, int times) {
    await().atMost(Duration.ofSeconds(10)).until(() -> count(result) == times);
  }

  @Test
  void warnOnThePodWhatIsWrongAndWhatToDo() throws Exception {
    takesEvents();
    refuse("web-0", RefusalReason.NO_ASSOCIATION);

    JsonObject event = new JsonObject(api.request().getUtf8Body());
    assertThat(event.getString("type")).isEqualTo("Warning");
    assertThat(event.getString("reason")).isEqualTo("NoAssociation");
    assertThat(event.getString("message"))
        .isEqualTo("no AWS credentials for this pod: create an association");
    assertThat(event.getInteger("count")).isEqualTo(1);
    assertThat(event.getString("lastTimestamp")).isEqualTo("2026-11-24T12:00:00Z");
    assertThat(event.getJsonObject("metadata").getString("namespace")).isEqualTo("app1");
    assertThat(event.getJsonObject("involvedObject").getMap())
        .containsEntry("kind", "Pod")
        .containsEntry("name", "web-0")
        .containsEntry("uid", "uid-of-web-0")
        .containsEntry("namespace", "app1");
    isCounted("written", 1);
  }

  @Test
  void areWrittenOnceForAPodAndReasonInTenMinutes() {
    takesEvents();
    for (int time = 0; time < 5; time++) {
      refuse("web-0", RefusalReason.NO_ASSOCIATION);
    }
    refuse("web-1", RefusalReason.NO_ASSOCIATION);
    refuse("web-0", RefusalReason.ROLE_DENIED);

    isCounted("written", 3);
    assertThat(count("repeated")).isEqualTo(4);
    assertThat(api.server.getRequestCount()).isEqualTo(3);
  }

  @Test
  void haveTheirCountRaisedAfterTenMinutes() throws Exception {
    api.server.expect().post().withPath(PATH).andReturn(201, "{}").once();
    api.server.expect().post().withPath(PATH).andReturn(409, "{}").once();
    refuse("web-0", RefusalReason.NO_ASSOCIATION);
    String name =
        new JsonObject(api.request().getUtf8Body()).getJsonObject("metadata").getString("name");
    api.server.expect().patch().withPath(PATH + "/" + name).andReturn(200, "{}").once();
    isCounted("written", 1);
    refuse("web-0", RefusalReason.NO_ASSOCIATION);

    clock.advance(Duration.ofMinutes(10));
    refuse("web-0", RefusalReason.NO_ASSOCIATION);

    isCounted("written", 2);
    assertThat(api.request().getMethod()).isEqualTo("POST");
    RecordedRequest patch = api.request();
    assertThat(patch.getMethod()).isEqualTo("PATCH");
    assertThat(patch.getHeader("Content-Type")).contains("application/merge-patch+json");
    assertThat(new JsonObject(patch.getUtf8Body()).getMap())
        .containsEntry("count", 3)
        .containsEntry("lastTimestamp", "2026-11-24T12:10:00Z");
  }

  @Test
  void areSoManyAtOnceAtMostAndTheRestIsDropped() {
    api.server
        .expect()
        .post()
        .delay(1, TimeUnit.MINUTES)
        .withPath(PATH)
        .andReturn(201, "{}")
        .always();
    for (int pod = 0; pod < 200; pod++) {
      refuse("web-" + pod, RefusalReason.NO_ASSOCIATION);
    }

    assertThat(count("dropped")).isGreaterThan(100);
    assertThat(count("dropped")).isLessThan(200);
  }

  @Test
  void failWithoutAnyonesNoticeWhenTheApiServerIsAway() {
    api.goAway();
    refuse("web-0", RefusalReason.ROLE_DENIED);

    isCounted("failed", 1);
  }

  @Test
  void areOfTheirOwnClusterOnly() {
    takesEvents();
    events.refused(
        new WorkloadIdentity("c2", "app1", "web", "web-0", "uid", "node-1"),
        RefusalReason.NO_ASSOCIATION,
        "create an association");

    refuse("web-1", RefusalReason.NO_ASSOCIATION);

    isCounted("written", 1);
    assertThat(api.server.getRequestCount()).isEqualTo(1);
  }
}
