package io.claviger.broker.adapter.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.event.CredentialEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.params.provider.MethodSource;

/** The audit stream, to which other programs may also write. */
final class EventReaderFuzzTest {

  private static final CredentialEvent EVENT =
      CredentialEvent.of(
              CredentialEvent.Type.ISSUED,
              Instant.parse("2026-11-24T12:00:00Z"),
              "broker-1",
              "prod")
          .build();

  static Stream<byte[]> records() {
    ProducerRecord<byte[], byte[]> record = EventRecords.raw(EVENT, new UUID(0, 1));
    StringBuilder binary = new StringBuilder();
    for (Header header : record.headers()) {
      binary.append(header.key() + "=" + new String(header.value(), ISO_8859_1) + "\n");
    }
    return Stream.of(
            binary + "\n" + SchemaJson.write(EVENT),
            "content-type=application/cloudevents+json\n\n"
                + "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/x\",\"type\":\"t\",\"data\":{}}",
            "ce_specversion=0.3\nce_id=1\nce_type=t\nce_source=\n\n",
            "\n\n")
        .map(text -> text.getBytes(ISO_8859_1));
  }

  /** Lines of headers, an empty line, the value; without the empty line there is no value. */
  @MethodSource("records")
  @FuzzTest
  void givesEventsAndPassesOverWhatIsNone(byte[] input) {
    String[] parts = new String(input, ISO_8859_1).split("\n\n", 2);
    RecordHeaders headers = new RecordHeaders();
    for (String line : parts[0].split("\n", -1)) {
      String[] header = line.split("=", 2);
      headers.add(header[0], header.length < 2 ? null : header[1].getBytes(ISO_8859_1));
    }
    byte[] value = parts.length < 2 ? null : parts[1].getBytes(ISO_8859_1);
    EventReader.event(
            new ConsumerRecord<>(
                "audit",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                -1,
                value == null ? -1 : value.length,
                null,
                value,
                headers,
                Optional.empty()))
        .ifPresent(
            event -> {
              assertThat(event.getId()).isNotNull();
              assertThat(event.getSource()).isNotNull();
              assertThat(event.getType()).isNotNull();
            });
  }
}
