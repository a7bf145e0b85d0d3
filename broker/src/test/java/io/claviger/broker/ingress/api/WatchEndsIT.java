package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.kafka.RunningKafka;
import io.claviger.broker.telemetry.ApiMeters;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reasons for which a watch ends or does not begin. */
final class WatchEndsIT extends WatchCase {

  WatchEndsIT(RunningKafka kafka) {
    super(kafka);
  }

  @Test
  void endsWhenItsKeyIsRemoved() {
    WatchClient team = watch(new RawApi(member.endpoint(), ApiRig.TEAM), "");
    await().until(team::hasBegun);
    rig.registerOnly(ApiRig.ADMIN);

    await().atMost(Duration.ofSeconds(3)).until(team::isOver);
  }

  @Test
  @Tag("ci")
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
