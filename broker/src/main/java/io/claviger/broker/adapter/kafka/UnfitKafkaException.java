package io.claviger.broker.adapter.kafka;

import java.util.List;
import java.util.stream.Collectors;

/** Kafka, or one of the log's topics, is such that associations or their order would be lost. */
public final class UnfitKafkaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names them all, a line each. */
  public UnfitKafkaException(List<KafkaMismatch> mismatches) {
    super(mismatches.stream().map(KafkaMismatch::toString).collect(Collectors.joining("\n")));
  }
}
