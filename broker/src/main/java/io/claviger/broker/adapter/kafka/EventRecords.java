package io.claviger.broker.adapter.kafka;

import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Topics;
import io.claviger.schemas.event.CredentialEvent;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events as Kafka records: CloudEvents 1.0 in binary mode (Kafka protocol binding). Attributes are
 * headers, the value is the event as JSON, the key is the subject.
 */
final class EventRecords {

  private EventRecords() {}

  static ProducerRecord<String, byte[]> of(CredentialEvent event, UUID id) {
    CloudEvent cloudEvent =
        CloudEventBuilder.v1()
            .withId(id.toString())
            .withSource(URI.create("/claviger/members/" + event.member()))
            .withType(event.type().text())
            .withSubject(event.subject())
            .withTime(event.time().atOffset(ZoneOffset.UTC))
            .withData("application/json", SchemaJson.writeBytes(event))
            .build();
    return KafkaMessageFactory.createWriter(Topics.CREDENTIAL_EVENTS, event.subject())
        .writeBinary(cloudEvent);
  }

  /** Creates the record for a producer whose keys are bytes. */
  static ProducerRecord<byte[], byte[]> raw(CredentialEvent event, UUID id) {
    ProducerRecord<String, byte[]> record = of(event, id);
    return new ProducerRecord<>(
        record.topic(), null, LogRecords.bytes(record.key()), record.value(), record.headers());
  }
}
