package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshException;
import io.claviger.schemas.association.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic has settings with which Kafka would delete associations. */
@Timeout(180)
@Tag("long")
final class TopicRefusalScenarioIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void aBrokerEndsAndSaysWhatMendsATopicThatForgets() throws Exception {
    try (ScenarioMesh mesh = ScenarioMesh.start(1, 0, UnaryOperator.identity())) {
      Member broker = mesh.mesh().broker(1).member();
      setCleanupPolicy(mesh, "delete");

      assertThatThrownBy(() -> broker.restart(TIMEOUT))
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("ended with code 2");
      assertThat(broker.output())
          .contains(
              "broker cannot start: topic claviger.association-changes has"
                  + " cleanup.policy=delete, needs cleanup.policy=compact. To correct it:"
                  + " kafka-configs.sh --bootstrap-server "
                  + mesh.mesh().bootstrapServers());

      setCleanupPolicy(mesh, "compact");
      broker.restart(TIMEOUT);
    }
  }

  private static void setCleanupPolicy(ScenarioMesh mesh, String policy) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.CHANGES);
    var change =
        new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", mesh.mesh().bootstrapServers()))) {
      admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
    }
  }
}
