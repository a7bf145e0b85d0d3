package io.claviger.scenario;

import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.BrokerMember;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Position;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The association tables of a mesh's brokers, from their management ports. */
final class Tables {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ScenarioMesh mesh;

  Tables(ScenarioMesh mesh) {
    this.mesh = mesh;
  }

  /** The status of one broker's table: {@code GET /associations}. */
  record Status(
      String digest,
      int size,
      Map<String, Position> positions,
      String source,
      @Nullable Long ageMillis) {}

  Status of(BrokerMember broker) {
    URI document = broker.metrics().resolve("/associations");
    return SchemaJson.read(mesh.ask(document, "none").body(), Status.class);
  }

  /** Waits until all brokers have the same table, and returns its status. */
  Status equal(List<BrokerMember> brokers) {
    return await()
        .atMost(TIMEOUT)
        .until(
            () -> brokers.stream().map(this::of).toList(),
            all -> all.stream().map(Status::digest).distinct().count() == 1)
        .getFirst();
  }

  void awaitSource(BrokerMember broker, String source) {
    await().atMost(TIMEOUT).until(() -> of(broker).source().equals(source));
  }
}
