package io.claviger.mesh.scenario;

import io.claviger.broker.adapter.kafka.CommandSender;
import io.claviger.broker.adapter.kafka.KafkaClients;
import io.claviger.mesh.LocalMesh;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationSpec;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Changes associations of a mesh one by one, and says when each was decided. */
final class AssociationWriter implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final String cluster;
  private final Vertx vertx = Vertx.vertx();
  private final CommandSender sender;

  AssociationWriter(LocalMesh mesh) {
    cluster = mesh.options().cluster().name();
    sender =
        new CommandSender(
            vertx, new KafkaClients(mesh.bootstrapServers(), "scenario", Map.of()), DEADLINE);
    sender.start();
  }

  /**
   * Gives a service account another role.
   *
   * @return when the answer came, as {@link System#nanoTime()}
   */
  long give(String namespace, String serviceAccount, String roleArn) {
    AssociationSpec spec =
        new AssociationSpec(namespace, serviceAccount, roleArn, null, false, null, Map.of());
    AssociationOutcome outcome =
        sender
            .send(
                AssociationCommand.of(
                    cluster,
                    UUID.randomUUID().toString(),
                    "key/admin",
                    Instant.now(),
                    new AssociationCommand.Put(spec)))
            .toCompletableFuture()
            .join();
    long answered = System.nanoTime();
    if (!(outcome.verdict() instanceof AssociationOutcome.Accepted)) {
      throw new IllegalStateException("not accepted: " + outcome.verdict());
    }
    return answered;
  }

  @Override
  public void close() {
    sender.close().eventually(vertx::close).toCompletionStage().toCompletableFuture().join();
  }
}
