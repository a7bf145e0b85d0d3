package io.claviger.broker.adapter.kafka;

import java.util.List;
import java.util.stream.Collectors;

/** Kafka has the log's topics, set such that associations or their order would be lost. */
public final class WrongTopicsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names them all, a line each. */
  public WrongTopicsException(List<TopicMismatch> mismatches) {
    super(mismatches.stream().map(TopicMismatch::toString).collect(Collectors.joining("\n")));
  }
}
