package io.claviger.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.ServedFrom;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class EventsCommandTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final String ROLE = "arn:aws:iam::111122223333:role/cart";

  private final List<CloudEvent> stream = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Map<String, String> kafka = Map.of();
  private Instant readSince = Instant.MAX;
  private boolean followed;
  private Optional<String> here = Optional.of("kafka.here:9092");

  private void read(
      Map<String, String> properties,
      Instant since,
      boolean follow,
      Consumer<CloudEvent> events,
      Runnable caughtUp)
      throws IOException {
    kafka = properties;
    readSince = since;
    followed = follow;
    if (properties.containsValue("nobody:1")) {
      throw new IOException("cannot read from Kafka at nobody:1");
    }
    stream.forEach(events);
    caughtUp.run();
  }

  private int run(String... arguments) {
    return new CommandLine(new EventsCommand(this::read, () -> here, () -> NOW))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private List<String> rows() {
    return out.toString().lines().skip(1).toList();
  }

  @Test
  void showsWhatHappenedInTheOrderOfTimeInColumns() {
    record("2", delivered(NOW.plusMillis(1_500), "pod-1"));
    record("1", issued(NOW));
    record("3", refused(NOW.plusSeconds(3)));

    assertThat(run("--bootstrap-servers", "k:1")).isZero();

    assertThat(out.toString().lines().map(String::stripTrailing))
        .containsExactly(
            "TIME                       EVENT                    WORKLOAD         POD      NODE     ACCESS KEY ID          ROLE                                  WHY",
            "2026-03-01T10:00:00Z       credential.issued        c1/shop/cart     -        -        ASIA1                  arn:aws:iam::111122223333:role/cart   -",
            "2026-03-01T10:00:01.500Z   credential.delivered     c1/shop/cart     cart-0   node-1   ASIA1                  -                                     from memory",
            "2026-03-01T10:00:03Z       credential.refused       c1/shop/nobody   -        -        -                      -                                     NO_ASSOCIATION: no role is associated");
  }

  @Test
  void showsWhatWasSentTwiceOnce() {
    record("1", delivered(NOW, "pod-1"));
    record("1", delivered(NOW.plusSeconds(9), "pod-1"));
    record("2", delivered(NOW, "pod-2"));

    run();

    assertThat(rows()).hasSize(2);
  }

  @Test
  void showsNothingThatMovesATerminalsCursorWhoeverWroteIt() {
    record("1", refused(NOW, "no\u001b[1A\u001b[2Krole\r\nTIME\u202efaked"));

    run();

    assertThat(rows())
        .singleElement()
        .asString()
        .endsWith("NO_ASSOCIATION: no?[1A?[2Krole??TIME?faked");
  }

  @Test
  void printsACloudEventALineAsJson() throws IOException {
    record("1", delivered(NOW, "pod-1"));

    run("-o", "json");

    JsonNode event = JsonMapper.builder().build().readTree(out.toString().strip());
    assertThat(out.toString().lines()).hasSize(1);
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("id").asText()).isEqualTo("1");
    assertThat(event.path("type").asText()).isEqualTo("io.claviger.credential.delivered.v1");
    assertThat(event.at("/data/podUid").asText()).isEqualTo("pod-1");
  }

  @ParameterizedTest
  @CsvSource({
    "--namespace=shop, 4",
    "--namespace=other, 0",
    "--service-account=cart, 3",
    "--pod=cart-0, 2",
    "--pod=pod-2, 1",
    "--access-key-id=ASIA1, 3",
    "--access-key-id=ASIA, 0",
    "--reason=NO_ASSOCIATION, 1",
    "--type=delivered, 2",
    "--type=credential.refused, 1",
    "'--type=delivered,issued', 3",
    "--type=io.claviger.credential.issued.v1, 1",
    "--type=failed, 0",
    "--since=10s, 1",
    "--since=2026-03-01T09:00:00Z, 3",
    "--since=1h, 3",
    "--since=1d, 4",
  })
  void showsOnlyWhatIsAskedFor(String option, int events) {
    record("1", issued(NOW.minusSeconds(3_601)));
    record("2", delivered(NOW.minusSeconds(60), "pod-1"));
    record("3", delivered(NOW.minusSeconds(60), "pod-2"));
    record("4", refused(NOW));

    assertThat(run(option)).isZero();

    assertThat(rows()).hasSize(events);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "credential", "delivered,nonsense", ""})
  void namesTheTypesThatThereAreWhenItIsAskedForAnother(String type) {
    assertThat(run("--type=" + type)).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString())
        .contains("credential.delivered, credential.refused")
        .contains("association.changed", "pod.injected");
    assertThat(kafka).isEmpty();
  }

  @Test
  void readsALittleMoreThanItShowsForClocksThatDisagree() {
    run("--since", "1h");
    assertThat(readSince).isEqualTo(NOW.minusSeconds(3_600 + 300));

    run();
    assertThat(readSince).isEqualTo(Instant.EPOCH);
  }

  @Test
  void asksTheKafkaThatIsNamedElseTheOneThatIsHere() {
    run("--follow", "--bootstrap-servers", "k:1", "--kafka-property", "security.protocol=SSL");
    assertThat(kafka).isEqualTo(Map.of("bootstrap.servers", "k:1", "security.protocol", "SSL"));
    assertThat(followed).isTrue();

    run();
    assertThat(kafka).isEqualTo(Map.of("bootstrap.servers", "kafka.here:9092"));
    assertThat(followed).isFalse();
  }

  @Test
  void saysThatItDoesNotKnowWhereKafkaIs() {
    here = Optional.empty();

    assertThat(run()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--bootstrap-servers is missing");
  }

  @Test
  void saysWhyKafkaCannotBeRead() {
    assertThat(run("--bootstrap-servers", "nobody:1")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("claviger: cannot read from Kafka at nobody:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "", "10", "2026-03-01Z"})
  void saysHowAgesAndTimesAreWritten(String since) {
    assertThat(run("--since=" + since)).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("30m, 1h or 2d");
  }

  @Test
  void showsEventsOfANewerVersionToo() {
    stream.add(
        CloudEventBuilder.v1()
            .withId("1")
            .withSource(URI.create("/claviger/members/broker-1"))
            .withType("io.claviger.credential.borrowed.v3")
            .withTime(NOW.atOffset(ZoneOffset.UTC))
            .withSubject("c1/shop/cart")
            .withData(
                "application/json",
                "{\"type\":\"io.claviger.credential.borrowed.v3\",\"podName\":\"cart-0\"}"
                    .getBytes(StandardCharsets.UTF_8))
            .build());

    run();

    assertThat(rows()).singleElement().asString().contains("credential.borrowed", "cart-0");
  }

  private void record(String id, CredentialEvent event) {
    stream.add(
        CloudEventBuilder.v1()
            .withId(id)
            .withSource(URI.create("/claviger/members/" + event.member()))
            .withType(event.type().text())
            .withSubject(event.subject())
            .withTime(event.time().atOffset(ZoneOffset.UTC))
            .withData("application/json", SchemaJson.writeBytes(event))
            .build());
  }

  private static CredentialEvent issued(Instant at) {
    return CredentialEvent.of(CredentialEvent.Type.ISSUED, at, "broker-1", "c1")
        .of("shop", "cart")
        .role(ROLE)
        .key("ASIA1", at.plusSeconds(3_600), "req-1")
        .build();
  }

  private static CredentialEvent delivered(Instant at, String podUid) {
    return CredentialEvent.of(CredentialEvent.Type.DELIVERED, at, "node-1", "c1")
        .of("shop", "cart")
        .pod("cart-0", podUid)
        .on("node-1")
        .key("ASIA1", at.plusSeconds(3_600), null)
        .servedFrom(ServedFrom.MEMORY)
        .build();
  }

  private static CredentialEvent refused(Instant at) {
    return refused(at, "no role is associated");
  }

  private static CredentialEvent refused(Instant at, String message) {
    return CredentialEvent.of(CredentialEvent.Type.REFUSED, at, "broker-1", "c1")
        .of("shop", "nobody")
        .because("NO_ASSOCIATION", message)
        .build();
  }
}
