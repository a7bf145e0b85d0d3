package io.claviger.config.cluster;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.ReplicatedMapConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.spi.merge.LatestUpdateMergePolicy;
import io.claviger.config.settings.SettingsException;
import io.claviger.schemas.Check;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

/**
 * How a broker is a Hazelcast member. Members find each other by the given list only; nothing is
 * detected, nothing calls home, no Jet. A dead member is removed within five seconds, a split one
 * merges within five more.
 *
 * <p>The open edition has neither TLS nor authentication: what is stored is sealed (see {@link
 * Sealer}), what is deserialized is filtered, and the port is for a NetworkPolicy to fence.
 *
 * @param mesh brokers of another mesh name are not joined
 * @param host where to bind and what to tell the others: a name or an address of this machine
 * @param port where to bind; exactly this one
 * @param members {@code host:port} each, or a DNS name whose every address is tried, on {@code
 *     port}
 */
public record HazelcastConfiguration(String mesh, String host, int port, List<String> members) {

  /** The replicated map of sealed sessions. */
  public static final String SESSIONS = "claviger.sessions";

  private static final int JOIN_CONNECT_SECONDS = 2;

  /**
   * Java-serialized classes that a member reads: the failures that Hazelcast itself reports between
   * members. Everything of ours and of Vert.x is bytes, text or DataSerializable.
   */
  private static final String[] JAVA_SERIALIZED = {
    "java.lang.Throwable",
    "java.lang.Exception",
    "java.lang.Error",
    "java.lang.RuntimeException",
    "java.lang.IllegalArgumentException",
    "java.lang.IllegalStateException",
    "java.lang.NullPointerException",
    "java.lang.UnsupportedOperationException",
    "java.lang.StackTraceElement",
    "[Ljava.lang.StackTraceElement;",
    "java.util.ArrayList",
    "java.util.Collections$EmptyList",
    "java.util.Collections$UnmodifiableCollection",
    "java.util.Collections$UnmodifiableList",
    "java.util.Collections$UnmodifiableRandomAccessList",
    "java.util.concurrent.CancellationException",
    "java.util.concurrent.CompletionException",
    "java.util.concurrent.ExecutionException",
    "java.util.concurrent.TimeoutException",
    "java.io.IOException",
  };

  public HazelcastConfiguration {
    Check.text(mesh, "mesh");
    Check.text(host, "host");
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members are missing: name at least this broker itself");
    }
  }

  /**
   * The configuration, a new one each time.
   *
   * @throws SettingsException when the host is unknown
   */
  public Config toConfig() {
    Config config = new Config().setClusterName(mesh);
    config.setClassLoader(
        new PeerClassLoader(
            HazelcastConfiguration.class.getClassLoader(), Set.of(JAVA_SERIALIZED)));
    config.getJetConfig().setEnabled(false);
    properties(config);
    network(config.getNetworkConfig());
    serialization(config.getSerializationConfig());
    return config
        .addReplicatedMapConfig(sessions())
        // What vertx-hazelcast expects, as in the default configuration that it brings.
        .addMultiMapConfig(
            new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET))
        .addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1))
        .addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
  }

  private static void properties(Config config) {
    config
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        .setProperty("hazelcast.socket.bind.any", "false")
        .setProperty("hazelcast.wait.seconds.before.join", "0")
        .setProperty("hazelcast.heartbeat.interval.seconds", "1")
        .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
        .setProperty("hazelcast.merge.first.run.delay.seconds", "5")
        .setProperty("hazelcast.merge.next.run.delay.seconds", "5")
        .setProperty("hazelcast.operation.call.timeout.millis", "10000");
  }

  private void network(NetworkConfig network) {
    network.setPort(port).setPortAutoIncrement(false);
    String address = address();
    network.getInterfaces().setEnabled(true).addInterface(address);
    network.setPublicAddress(address);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig()
        .setEnabled(true)
        .setConnectionTimeoutSeconds(JOIN_CONNECT_SECONDS)
        .setMembers(members);
  }

  private String address() {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw new SettingsException("peers.host is not a name or address: '" + host + "'");
    }
  }

  private static void serialization(SerializationConfig serialization) {
    serialization
        .setAllowUnsafe(false)
        .setAllowOverrideDefaultSerializers(false)
        .setJavaSerializationFilterConfig(
            new JavaSerializationFilterConfig()
                .setDefaultsDisabled(true)
                .setWhitelist(
                    new ClassFilter().addPrefixes("com.hazelcast.").addClasses(JAVA_SERIALIZED)));
  }

  private static ReplicatedMapConfig sessions() {
    // Not asynchronous: a member that has the map has all of it, and only then is it ready.
    ReplicatedMapConfig sessions =
        new ReplicatedMapConfig(SESSIONS)
            .setInMemoryFormat(InMemoryFormat.BINARY)
            .setAsyncFillup(false);
    sessions.setMergePolicyConfig(
        new MergePolicyConfig(LatestUpdateMergePolicy.class.getName(), 1_000));
    return sessions;
  }
}
