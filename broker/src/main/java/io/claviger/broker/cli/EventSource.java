package io.claviger.broker.cli;

import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the audit stream. */
@FunctionalInterface
public interface EventSource {

  /**
   * Reads events up to the end offsets at the start of the call.
   *
   * @param properties properties of the Kafka client, including {@code bootstrap.servers}
   * @param since skips events that were recorded before
   * @param follow whether to continue after the end offsets, until the thread is interrupted
   * @param events receives each event
   * @param caughtUp runs when the end offsets are reached, and after each later batch
   * @throws IOException when the stream cannot be read; the message gives the reason
   */
  void read(
      Map<String, String> properties,
      Instant since,
      boolean follow,
      Consumer<CloudEvent> events,
      Runnable caughtUp)
      throws IOException;
}
