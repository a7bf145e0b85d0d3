package io.claviger.broker.cli;

import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/** Where the audit stream is read from. */
@FunctionalInterface
public interface EventSource {

  /**
   * Reads events.
   *
   * @param properties of the Kafka client, {@code bootstrap.servers} among them
   * @param since events that were recorded before are not read
   * @param follow whether to go on, until the thread is interrupted, when everything is read that
   *     was there at the beginning
   * @param events is given each
   * @param caughtUp runs when everything that was there at the beginning has been given, and then
   *     each time that more has been
   * @throws IOException when it cannot be read, saying why
   */
  void read(
      Map<String, String> properties,
      Instant since,
      boolean follow,
      Consumer<CloudEvent> events,
      Runnable caughtUp)
      throws IOException;
}
