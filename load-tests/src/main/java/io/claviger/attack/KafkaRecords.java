package io.claviger.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.schemas.association.AssociationChange;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Records that no broker writes. */
final class KafkaRecords {

  /** The operator, as an actor. */
  static final String ADMIN = "key/admin";

  static final String NAMESPACE = "attack-kafka";

  private KafkaRecords() {}

  static ProducerRecord<byte[], byte[]> removal(
      ProducerRecord<byte[], byte[]> record, String sequence) {
    record.headers().add(AssociationChange.HEADER_EPOCH, bytes("1"));
    record.headers().add(AssociationChange.HEADER_SEQUENCE, bytes(sequence));
    record.headers().add(AssociationChange.HEADER_ASSOCIATION_ID, bytes("a-forged"));
    record.headers().add(AssociationChange.HEADER_REVISION, bytes("1"));
    record.headers().add(AssociationChange.HEADER_ACTOR, bytes("key/admin"));
    return record;
  }

  /** Bytes that are no valid record of any topic. */
  static Map<String, byte @Nullable []> garbage() {
    Map<String, byte @Nullable []> values = new LinkedHashMap<>();
    values.put("nothing", null);
    values.put("no bytes", new byte[0]);
    values.put("zero bytes", new byte[100]);
    values.put("bytes that are no UTF-8", new byte[] {-1, -2, -3, -128, 0, 1});
    values.put("a list", bytes("[]"));
    values.put("null in JSON", bytes("null"));
    values.put("an empty object", bytes("{}"));
    values.put("half an object", bytes("{\"version\":1,\"cluster\":\"lo"));
    values.put("other types", bytes("{\"version\":[],\"association\":1,\"position\":\"x\"}"));
    values.put("lists in lists", bytes("{\"association\":" + "[".repeat(20_000)));
    values.put("XML", bytes("<change/>"));
    values.put("a serialized object", new byte[] {-84, -19, 0, 5, 115, 114, 0, 1, 65});
    values.put("900 KB", bytes("x".repeat(900 * 1024)));
    return values;
  }

  static byte[] create(String cluster, String actor, String padding) {
    return command(
        cluster,
        actor,
        "create",
        "\"spec\":{\"namespace\":\"%s\",\"serviceAccount\":\"forged\",\"roleArn\":\"%s\","
                .formatted(NAMESPACE, ApiCaller.role("forged"))
            + "\"disableSessionTags\":false,\"tags\":{}},\"padding\":\""
            + padding
            + "\"");
  }

  static byte[] command(String cluster, String actor, String type, String fields) {
    return bytes(
        """
        {"version":1,"cluster":"%s","clientRequestToken":"%s","actor":"%s","requestedAt":"%s",
         "operation":{"type":"%s"%s}}
        """
            .formatted(
                cluster,
                UUID.randomUUID(),
                actor,
                Instant.now(),
                type,
                fields.isEmpty() ? "" : "," + fields));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, String key, byte @Nullable [] value) {
    return new ProducerRecord<>(topic, partition, bytes(key), value);
  }
}
