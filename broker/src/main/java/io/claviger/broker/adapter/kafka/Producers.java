package io.claviger.broker.adapter.kafka;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.time.Duration;

/** How producers end. */
final class Producers {

  private Producers() {}

  /**
   * Sends what waits, for that long at most, and closes. A stream closes behind what was given to
   * it, and while Kafka is away each of that blocks: when the time is over all of it is given up.
   */
  static Future<Void> close(Vertx vertx, KafkaWriteStream<?, ?> stream, long millis) {
    return close(vertx, stream, Future.succeededFuture(), millis);
  }

  /**
   * The same, once all is given to it; giving ends soon after the time is over, for then it fails.
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
