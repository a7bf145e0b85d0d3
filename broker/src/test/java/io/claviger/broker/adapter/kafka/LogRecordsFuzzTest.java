package io.claviger.broker.adapter.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.claviger.broker.association.AssociationDecisions;
import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.ClusterRules;
import io.claviger.broker.association.Decision;
import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.LogEntry;
import io.claviger.broker.association.LogState;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.SchemaJson.MalformedRecordException;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.Topics;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A change in the log from any client with write access to Kafka, followed by a command. Neither
 * may stop the reader or the writer, because the next one would read it again.
 */
final class LogRecordsFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final String COMMAND =
      SchemaJson.write(
          AssociationCommand.of(
              "one", "t-1", "key/admin", NOW, new AssociationCommand.Bind("uid-1", false)));

  static Stream<byte[]> records() {
    return Stream.concat(
        Stream.concat(
                LogRecordsTest.entries(),
                Stream.of(
                    new LogEntry.Restored(
                        "one",
                        new RevokedSubject(RevokedSubject.Kind.NODE, "n"),
                        new Position(7, Long.MAX_VALUE),
                        "key/admin")))
            .map(LogRecords::of)
            .map(record -> text(record, COMMAND)),
        LogRecordsTest.entries()
            .limit(1)
            .flatMap(
                first ->
                    commands()
                        .map(command -> text(LogRecords.of(first), SchemaJson.write(command)))));
  }

  private static Stream<AssociationCommand> commands() {
    return Stream.of(
            new AssociationCommand.Update(
                "a-1", "arn:aws:iam::123456789012:role/b", "", null, null, 3L),
            new AssociationCommand.Delete("a-1", null),
            new AssociationCommand.Tag("a-1", Map.of("claviger.io/session-scope", "pod")),
            new AssociationCommand.Untag("a-1", List.of("team")))
        .map(operation -> AssociationCommand.of("one", "t-2", "key/admin", NOW, operation));
  }

  @MethodSource("records")
  @FuzzTest
  void areAppliedOrPassedOver(byte[] input) {
    String[] parts = new String(input, ISO_8859_1).split("\n", 4);
    LogState state = new LogState();
    if (parts.length > 2) {
      entry(record(parts)).ifPresent(entry -> apply(entry, state));
    }
    byte[] last = parts[parts.length - 1].getBytes(ISO_8859_1);
    command(last).ifPresent(command -> decide(command, state));
  }

  private static void apply(LogEntry entry, LogState state) {
    ProducerRecord<byte[], byte[]> written = LogRecords.of(entry);
    assertThat(LogRecords.entry(received(written.key(), written.value(), written.headers())))
        .isEqualTo(entry);
    AssociationTable table = new AssociationTable(1);
    for (int times = 0; times < 2; times++) {
      boolean unused = table.apply(0, entry);
      table.reachedEnd(0);
    }
    assertThat(table.position(entry.cluster())).isEqualTo(entry.position());
    state.apply(entry);
  }

  private static void decide(AssociationCommand command, LogState state) {
    AssociationDecisions decisions =
        new AssociationDecisions(
            Map.of("one", new ClusterRules("one", "123456789012", false, 20)),
            () -> new Grants(List.of(Grant.ofEverything("key/admin"))),
            () -> NOW,
            new Random(1));
    Decision decision = decisions.decide(command, state);
    for (AssociationOutcome outcome : decision.outcomes()) {
      assertThat(SchemaJson.read(LogRecords.of(outcome).value(), AssociationOutcome.class))
          .isEqualTo(outcome);
    }
    decision
        .entry()
        .map(LogRecords::of)
        .ifPresent(
            written ->
                assertThat(entry(received(written.key(), written.value(), written.headers())))
                    .isEqualTo(decision.entry()));
    state.apply(decision);
    assertThat(decisions.decide(command, state).answer()).isEqualTo(decision.answer());
  }

  private static Optional<LogEntry> entry(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(LogRecords.entry(record));
    } catch (RuntimeException e) {
      // The position that the record claims.
      return Optional.empty();
    }
  }

  private static Optional<AssociationCommand> command(byte[] json) {
    try {
      return Optional.of(SchemaJson.read(json, AssociationCommand.class));
    } catch (MalformedRecordException e) {
      return Optional.empty();
    }
  }

  /** Lines: key, value, headers, command. An empty value is null. */
  private static byte[] text(ProducerRecord<byte[], byte[]> record, String command) {
    StringBuilder headers = new StringBuilder();
    for (Header header : record.headers()) {
      headers
          .append(header.key())
          .append('=')
          .append(new String(header.value(), ISO_8859_1))
          .append(';');
    }
    return String.join(
            "\n",
            new String(record.key(), ISO_8859_1),
            record.value() == null ? "" : new String(record.value(), ISO_8859_1),
            headers,
            command)
        .getBytes(ISO_8859_1);
  }

  private static ConsumerRecord<byte[], byte[]> record(String[] parts) {
    RecordHeaders headers = new RecordHeaders();
    Arrays.stream(parts[2].split(";", -1))
        .map(header -> header.split("=", 2))
        .forEach(
            header ->
                headers.add(header[0], header.length < 2 ? null : header[1].getBytes(ISO_8859_1)));
    return received(
        parts[0].getBytes(ISO_8859_1),
        parts[1].isEmpty() ? null : parts[1].getBytes(ISO_8859_1),
        headers);
  }

  private static ConsumerRecord<byte[], byte[]> received(
      byte[] key, byte @Nullable [] value, Headers headers) {
    return new ConsumerRecord<>(
        Topics.CHANGES,
        0,
        0,
        0,
        TimestampType.CREATE_TIME,
        key.length,
        value == null ? -1 : value.length,
        key,
        value,
        headers,
        Optional.empty());
  }
}
