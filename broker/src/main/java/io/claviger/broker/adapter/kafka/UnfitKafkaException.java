package io.claviger.broker.adapter.kafka;

import java.util.List;
import java.util.stream.Collectors;

/** Kafka or a topic of the log would lose associations or their order. */
public final class UnfitKafkaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names all mismatches, one per line. */
  public UnfitKafkaException(List<KafkaMismatch> mismatches) {
    super(mismatches.stream().map(KafkaMismatch::toString).collect(Collectors.joining("\n")));
  }
}
