package io.claviger.broker.adapter.kafka;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Kafka is available, by the answers to possibly concurrent requests. A request fails after
 * a second. If a later request has been answered by then, that failure no longer counts. Otherwise
 * a broker would answer "absent" without checking, while Kafka works and other brokers write.
 *
 * <p>One thread sends requests and receives answers; any thread may read.
 */
final class KafkaAvailability {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaAvailability.class);

  private long asked;
  private long lastAnswered;
  private volatile boolean up;

  /** Records that a request is sent. Returns its number for {@link #answered}. */
  long ask() {
    return ++asked;
  }

  /** Records that a request was answered or has failed. */
  void answered(long request, boolean answered) {
    if (request < lastAnswered) {
      return;
    }
    lastAnswered = request;
    if (up != answered) {
      up = answered;
      LOG.atInfo()
          .addKeyValue("up", answered)
          .log(answered ? "kafka answers" : "kafka is unavailable");
    }
  }

  /** Returns whether the latest finished request was answered; false before the first one. */
  boolean up() {
    return up;
  }
}
