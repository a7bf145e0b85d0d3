package io.claviger.scenario;

import io.claviger.broker.adapter.kafka.EventReader;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.event.CredentialEvent;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The current audit stream of a mesh: all records, and the events without duplicates. */
final class AuditTrail {

  private final List<CloudEvent> recorded;

  private AuditTrail(List<CloudEvent> recorded) {
    this.recorded = List.copyOf(recorded);
  }

  static AuditTrail read(ScenarioMesh mesh, Instant since) {
    List<CloudEvent> events = new ArrayList<>();
    try {
      EventReader.read(
          Map.of("bootstrap.servers", mesh.mesh().bootstrapServers()),
          since,
          false,
          events::add,
          () -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new AuditTrail(events);
  }

  /** The events of a type, without duplicates. */
  List<CredentialEvent> ofType(CredentialEvent.Type type) {
    Map<String, CredentialEvent> once = new LinkedHashMap<>();
    for (CloudEvent event : recorded) {
      if (event.getType().equals(type.text())) {
        once.putIfAbsent(
            event.getSource() + " " + event.getId(),
            SchemaJson.read(data(event), CredentialEvent.class));
      }
    }
    return List.copyOf(once.values());
  }

  /** All records as text. */
  String text() {
    return recorded.stream()
        .map(event -> event + " " + data(event))
        .collect(Collectors.joining("\n"));
  }

  private static String data(CloudEvent event) {
    return new String(Objects.requireNonNull(event.getData()).toBytes(), StandardCharsets.UTF_8);
  }
}
