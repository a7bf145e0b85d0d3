package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ReplicatedMapConfig;
import io.claviger.config.settings.SettingsException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HazelcastConfigurationTest {
  private final Config config =
      new HazelcastConfiguration("mesh-1", "127.0.0.1", 5711, List.of("127.0.0.1:5711", "brokers"))
          .toConfig();

  @Test
  void joinsTheListedMembersAndLooksForNoOthers() {
    JoinConfig join = config.getNetworkConfig().getJoin();

    assertThat(config.getClusterName()).isEqualTo("mesh-1");
    assertThat(config.getNetworkConfig().getPort()).isEqualTo(5711);
    assertThat(config.getNetworkConfig().isPortAutoIncrement()).isFalse();
    assertThat(join.getTcpIpConfig().getMembers()).containsExactly("127.0.0.1:5711", "brokers");
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
    assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
    assertThat(config.getJetConfig().isEnabled()).isFalse();
  }

  @Test
  void holdsSessionsAsBytesAndBlocksUntilTheMapIsFull() {
    ReplicatedMapConfig sessions = config.getReplicatedMapConfig(HazelcastConfiguration.SESSIONS);

    assertThat(sessions.getInMemoryFormat()).isEqualTo(InMemoryFormat.BINARY);
    assertThat(sessions.isAsyncFillup()).isFalse();
  }

  @Test
  void readsNoJavaSerializedClassOfTheApplicationOrTheLibrary() {
    ClassFilter readable =
        config.getSerializationConfig().getJavaSerializationFilterConfig().getWhitelist();

    assertThat(readable.isListed("com.hazelcast.spi.exception.TargetNotMemberException")).isTrue();
    for (String gadget :
        List.of(
            "java.util.HashMap",
            "java.util.PriorityQueue",
            "java.lang.invoke.SerializedLambda",
            "javax.management.BadAttributeValueExpException",
            "io.vertx.core.json.JsonObject")) {
      assertThat(readable.isListed(gadget)).as(gadget).isFalse();
    }
  }

  @Test
  void namesAnUnknownHost() {
    HazelcastConfiguration unknown =
        new HazelcastConfiguration("mesh-1", "no such host", 5711, List.of("a"));

    assertThatThrownBy(unknown::toConfig)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("no such host");
  }
}
