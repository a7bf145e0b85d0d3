package io.claviger.broker.adapter.kafka;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Kafka is available, by the answers to requests of which several may be under way. A
 * request fails after a second, and a later one may have been answered by then: such a failure
 * means nothing any more. If it did, a broker would answer "there is none" without having looked,
 * while Kafka is there and others write.
 *
 * <p>Requests are sent and answered on one thread; any thread may read.
 */
final class KafkaAvailability {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaAvailability.class);

  private long asked;
  private long lastAnswered;
  private volatile boolean up;

  /** A request is sent. Returns its number, which goes to {@link #answered} with the answer. */
  long ask() {
    return ++asked;
  }

  /** A request was answered, or has failed. */
  void answered(long request, boolean answered) {
    if (request < lastAnswered) {
      return;
    }
    lastAnswered = request;
    if (up != answered) {
      up = answered;
      LOG.atInfo().addKeyValue("up", answered).log(answered ? "kafka answers" : "kafka is away");
    }
  }

  /** Whether the latest request that has ended was answered; false before there is one. */
  boolean up() {
    return up;
  }
}
