package io.claviger.broker.adapter.kafka;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Kafka is there, by the answers to questions that may be under way at the same time. A
 * question fails a second after it was asked, and may have been overtaken by then by one that was
 * answered: such a failure says nothing any more. If it did, a broker would say "there is none"
 * without having looked, while Kafka is there and others write.
 *
 * <p>Asked and answered on one thread; read by any.
 */
final class LogPresence {

  private static final Logger LOG = LoggerFactory.getLogger(LogPresence.class);

  private long asked;
  private long settled;
  private volatile boolean up;

  /** A question is sent; the number goes with its answer. */
  long ask() {
    return ++asked;
  }

  /** A question was answered, or has failed. */
  void settle(long question, boolean answered) {
    if (question < settled) {
      return;
    }
    settled = question;
    if (up != answered) {
      up = answered;
      LOG.atInfo().addKeyValue("up", answered).log(answered ? "kafka answers" : "kafka is away");
    }
  }

  /** What the latest question that has ended said; away before there is one. */
  boolean up() {
    return up;
  }
}
