package io.claviger.bench.micro;

import io.claviger.broker.adapter.kafka.LogRecords;
import io.claviger.broker.association.LogEntry;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.event.CredentialEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Records on Kafka: a credential event of the audit stream, a change of the association log. */
@State(Scope.Benchmark)
public class RecordBenchmark {

  private final byte[] event = encodeEvent();
  private final LogEntry change =
      new LogEntry.Changed(
          AssociationChange.of(Samples.ASSOCIATION, new Position(1, 42), "key/platform"));
  private final ConsumerRecord<byte[], byte[]> record = received(encodeChange());

  @Benchmark
  public final byte[] encodeEvent() {
    return SchemaJson.writeBytes(Samples.EVENT);
  }

  @Benchmark
  public CredentialEvent decodeEvent() {
    return SchemaJson.read(event, CredentialEvent.class);
  }

  @Benchmark
  public final ProducerRecord<byte[], byte[]> encodeChange() {
    return LogRecords.of(change);
  }

  @Benchmark
  public LogEntry decodeChange() {
    return LogRecords.entry(record);
  }

  private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
    return new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
  }
}
