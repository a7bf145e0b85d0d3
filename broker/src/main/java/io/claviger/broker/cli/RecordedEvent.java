package io.claviger.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An event of the audit stream. Fields are read by name, so events of a newer version are shown
 * too.
 *
 * @param event the CloudEvent as recorded
 * @param data its JSON data
 */
record RecordedEvent(CloudEvent event, JsonNode data) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Returns the event, or empty when its data is not JSON. */
  static Optional<RecordedEvent> of(CloudEvent event) {
    CloudEventData data = event.getData();
    try {
      return data == null
          ? Optional.empty()
          : Optional.of(new RecordedEvent(event, JSON.readTree(data.toBytes())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The time of the event. */
  Instant time() {
    return Optional.ofNullable(event.getTime()).map(time -> time.toInstant()).orElse(Instant.EPOCH);
  }

  /** The short type: {@code credential.delivered}. */
  String shortType() {
    return shortType(event.getType());
  }

  /** Returns a CloudEvents type without prefix and version. */
  static String shortType(String type) {
    return type.replaceFirst("^io\\.claviger\\.", "").replaceFirst("\\.v\\d+$", "");
  }

  /** The cluster, namespace and service account, or the cluster alone. */
  String subject() {
    return Objects.requireNonNullElse(event.getSubject(), "");
  }

  /** Source and id, which identify an event (CloudEvents). */
  String identity() {
    return event.getSource() + " " + event.getId();
  }

  /** A field of the data as text; empty when absent. */
  String text(String field) {
    return data.path(field).asText("");
  }
}
