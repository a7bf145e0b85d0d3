package io.claviger.broker.adapter.kafka;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.time.Duration;

/** Closes producers. */
final class Producers {

  private Producers() {}

  /**
   * Sends what waits, for at most the given time, and closes. A stream closes only after its queued
   * records, and while Kafka is unavailable each of them blocks. After the time, all of them are
   * given up.
   */
  static Future<Void> close(Vertx vertx, KafkaWriteStream<?, ?> stream, long millis) {
    return close(vertx, stream, Future.succeededFuture(), millis);
  }

  /**
   * Closes after everything has been queued. Queueing ends soon after the time is over, because it
   * fails then.
   */
  static Future<Void> close(
      Vertx vertx, KafkaWriteStream<?, ?> stream, Future<Void> given, long millis) {
    long timer =
        vertx.setTimer(
            millis,
            late ->
                vertx.executeBlocking(
                    () -> {
                      stream.unwrap().close(Duration.ZERO);
                      return null;
                    },
                    false));
    return given
        .eventually(() -> stream.close(millis))
        .onComplete(closed -> vertx.cancelTimer(timer));
  }
}
