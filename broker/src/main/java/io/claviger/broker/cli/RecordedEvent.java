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
 * An event of the audit stream. What is in it is read by name, so that events of a newer version
 * are shown too.
 *
 * @param event as it was recorded
 * @param data what it says
 */
record RecordedEvent(CloudEvent event, JsonNode data) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Absent when it says nothing in JSON. */
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

  /** When it happened. */
  Instant time() {
    return Optional.ofNullable(event.getTime()).map(time -> time.toInstant()).orElse(Instant.EPOCH);
  }

  /** As people say it: {@code credential.delivered}. */
  String shortType() {
    return shortType(event.getType());
  }

  /** A CloudEvents type as people say it. */
  static String shortType(String type) {
    return type.replaceFirst("^io\\.claviger\\.", "").replaceFirst("\\.v\\d+$", "");
  }

  /** Whose: cluster, namespace and service account, or the cluster alone. */
  String subject() {
    return Objects.requireNonNullElse(event.getSubject(), "");
  }

  /** What tells it from all others (CloudEvents: source and id). */
  String identity() {
    return event.getSource() + " " + event.getId();
  }

  /** A field of what it says as text; empty when it has none. */
  String text(String field) {
    return data.path(field).asText("");
  }
}
