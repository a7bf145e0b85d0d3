package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ReplicatedMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.spi.discovery.NodeFilter;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import io.claviger.config.settings.SettingsException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HazelcastConfigurationTest {
  private final Config config =
      new HazelcastConfiguration(
              "mesh-1", "127.0.0.1", 5711, List.of("127.0.0.1:5711", "127.0.0.2"))
          .toConfig();

  @Test
  void joinsTheListedMembersAndLooksForNoOthers() {
    JoinConfig join = config.getAdvancedNetworkConfig().getJoin();

    assertThat(config.getClusterName()).isEqualTo("mesh-1");
    assertThat(config.getAdvancedNetworkConfig().getEndpointConfigs().get(EndpointQualifier.MEMBER))
        .isInstanceOfSatisfying(
            ServerSocketEndpointConfig.class,
            members -> {
              assertThat(members.getPort()).isEqualTo(5711);
              assertThat(members.isPortAutoIncrement()).isFalse();
              assertThat(members.getSocketConnectTimeoutSeconds()).isEqualTo(2);
            });
    assertThat(config.getAdvancedNetworkConfig().getEndpointConfigs()).hasSize(1);
    assertThat(join.getTcpIpConfig().getMembers())
        .containsExactly("127.0.0.1:5711", "127.0.0.2:5711");
    assertThat(join.getDiscoveryConfig().getDiscoveryStrategyConfigs()).isEmpty();
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
    assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
    assertThat(config.getMetricsConfig().isEnabled()).isFalse();
    assertThat(config.getJetConfig().isEnabled()).isFalse();
  }

  @Test
  void looksUpEveryAddressOfANameAndWaitsForThem() {
    Config byName =
        new HazelcastConfiguration(
                "mesh-1", "127.0.0.1", 5711, List.of("peers.claviger.svc", "10.0.0.1:5712"))
            .toConfig();
    JoinConfig join = byName.getAdvancedNetworkConfig().getJoin();

    // Hazelcast accepts only one way of joining.
    join.verify();
    assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
    assertThat(byName.getProperty("hazelcast.discovery.enabled")).isEqualTo("true");
    assertThat(join.getDiscoveryConfig().getDiscoveryStrategyConfigs())
        .extracting(DiscoveryStrategyConfig::getProperties)
        .containsExactly(
            Map.of("service-dns", "peers.claviger.svc", "service-port", "5711"),
            Map.of("service-dns", "10.0.0.1", "service-port", "5712"));
    assertThat(byName.getProperty("hazelcast.wait.seconds.before.join")).isEqualTo("5");
    assertThat(config.getProperty("hazelcast.wait.seconds.before.join")).isEqualTo("0");
  }

  @Test
  void leavesOutAddressesOfTheOtherFamily() throws UnknownHostException {
    NodeFilter filter =
        new HazelcastConfiguration("mesh-1", "127.0.0.1", 5711, List.of("peers"))
            .toConfig()
            .getAdvancedNetworkConfig()
            .getJoin()
            .getDiscoveryConfig()
            .getNodeFilter();

    assertThat(filter.test(new SimpleDiscoveryNode(new Address("127.0.0.2", 5711)))).isTrue();
    assertThat(filter.test(new SimpleDiscoveryNode(new Address("fd00::2", 5711)))).isFalse();
  }

  @Test
  void knowsTheAddressesOfItsNamesAlone() throws UnknownHostException {
    assertThat(
            new HazelcastConfiguration(
                    "mesh-1", "127.0.0.1", 5711, List.of("localhost:5712", "127.0.0.2"))
                .namedAddresses())
        .containsExactly(new InetSocketAddress("127.0.0.1", 5712));
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
