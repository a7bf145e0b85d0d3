package io.claviger.config.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ReplicatedMapConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.kubernetes.HazelcastKubernetesDiscoveryStrategyFactory;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.merge.LatestUpdateMergePolicy;
import io.claviger.config.settings.SettingsException;
import io.claviger.schemas.Check;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The Hazelcast configuration of a broker. Members find each other by the given list only: there is
 * no auto-detection, no phone-home and no Jet. A dead member is removed within five seconds; a
 * split one merges within five more.
 *
 * <p>A list of addresses alone is joined over TCP/IP. That joiner takes one address of a name, and
 * with {@code interfaces}, which set where to bind, only this member's own. Hazelcast's Kubernetes
 * discovery therefore resolves a list that contains a name. It looks up every address and needs no
 * API server. Each merge run resolves again and finds members that started later.
 *
 * <p>The port serves the members' protocol only. The open edition has neither TLS nor
 * authentication. Stored values are therefore sealed (see {@link Sealer}), deserialization is
 * filtered, and a NetworkPolicy must restrict the port.
 *
 * @param mesh the mesh name; members with another name are not joined
 * @param host where to bind, also announced to the other members: a name or an address of this
 *     machine
 * @param port where to bind; exactly this one
 * @param members as {@link ListedMember#parse} reads them
 */
public record HazelcastConfiguration(String mesh, String host, int port, List<String> members) {

  /** The replicated map of sealed sessions. */
  public static final String SESSIONS = "claviger.sessions";

  /** A similar map, in which starting brokers put values that are never read. */
  public static final String WARM_UP = "claviger.warm-up";

  private static final int JOIN_CONNECT_SECONDS = 2;

  /**
   * How long a member waits for a name to resolve to another member before it starts alone. In a
   * new cluster all members start at once, and DNS lists them a moment later.
   */
  private static final int NAMES_WAIT_SECONDS = 5;

  /**
   * Java-serialized classes that a member reads: the failures that Hazelcast reports between
   * members. All other values, of this project and of Vert.x, are bytes, text or DataSerializable.
   */
  private static final Set<String> JAVA_SERIALIZED =
      Set.of(
          "java.lang.Throwable",
          "java.lang.Exception",
          "java.lang.Error",
          "java.lang.RuntimeException",
          "java.lang.ClassCastException",
          "java.lang.ClassNotFoundException",
          "java.lang.IllegalArgumentException",
          "java.lang.IllegalStateException",
          "java.lang.IndexOutOfBoundsException",
          "java.lang.InterruptedException",
          "java.lang.NullPointerException",
          "java.lang.ReflectiveOperationException",
          "java.lang.SecurityException",
          "java.lang.UnsupportedOperationException",
          "java.lang.StackTraceElement",
          "[Ljava.lang.StackTraceElement;",
          "java.util.ArrayList",
          "java.util.Collections$EmptyList",
          "java.util.Collections$UnmodifiableCollection",
          "java.util.Collections$UnmodifiableList",
          "java.util.Collections$UnmodifiableRandomAccessList",
          "java.util.ConcurrentModificationException",
          "java.util.NoSuchElementException",
          "java.util.concurrent.CancellationException",
          "java.util.concurrent.CompletionException",
          "java.util.concurrent.ExecutionException",
          "java.util.concurrent.RejectedExecutionException",
          "java.util.concurrent.TimeoutException",
          "java.io.EOFException",
          "java.io.IOException",
          "java.net.ConnectException",
          "java.net.SocketException");

  public HazelcastConfiguration {
    Check.text(mesh, "mesh");
    Check.text(host, "host");
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("members are missing: name at least this broker itself");
    }
  }

  private List<ListedMember> listed() {
    return members.stream().map(text -> ListedMember.parse(text, port)).toList();
  }

  /**
   * Returns every current address of the names among the members, in this member's IP family; empty
   * if no member is a name. Blocks while the resolver looks them up.
   *
   * @throws UnknownHostException if a name has no address
   */
  public Set<InetSocketAddress> namedAddresses() throws UnknownHostException {
    InetAddress own = address();
    Set<InetSocketAddress> found = new HashSet<>();
    for (ListedMember member : listed()) {
      if (!member.isAddress()) {
        for (InetAddress address : InetAddress.getAllByName(member.host())) {
          if (sameFamily(own, address)) {
            found.add(new InetSocketAddress(address, member.port()));
          }
        }
      }
    }
    return found;
  }

  /**
   * Returns a new configuration.
   *
   * @throws SettingsException if the host is unknown or a member cannot be parsed
   */
  public Config toConfig() {
    Config config = new Config().setClusterName(mesh);
    config.setClassLoader(
        new PeerClassLoader(HazelcastConfiguration.class.getClassLoader(), JAVA_SERIALIZED));
    config.getJetConfig().setEnabled(false);
    // Hazelcast would collect them every few seconds without a reader.
    config.getMetricsConfig().setEnabled(false);
    properties(config);
    network(config);
    serialization(config.getSerializationConfig());
    return config
        // A member has the whole map before it is ready.
        .addReplicatedMapConfig(sealed(SESSIONS).setAsyncFillup(false))
        .addReplicatedMapConfig(sealed(WARM_UP).setAsyncFillup(true))
        // vertx-hazelcast expects this, as in its own default configuration.
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

  private void network(Config config) {
    InetAddress own = address();
    ServerSocketEndpointConfig members =
        new ServerSocketEndpointConfig()
            .setPort(port)
            .setPortAutoIncrement(false)
            .setPublicAddress(own.getHostAddress());
    // An unreachable address delays neither the join nor the merge.
    members.setSocketConnectTimeoutSeconds(JOIN_CONNECT_SECONDS);
    members.getInterfaces().setEnabled(true).addInterface(own.getHostAddress());
    // Only this configuration restricts the port to the members' protocol: no clients, REST,
    // memcache or WAN.
    AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
    network.setEnabled(true).setMemberEndpointConfig(members);
    config.setProperty(
        "hazelcast.prefer.ipv4.stack", Boolean.toString(own instanceof Inet4Address));
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setConnectionTimeoutSeconds(JOIN_CONNECT_SECONDS);
    List<ListedMember> listed = listed();
    if (listed.stream().allMatch(ListedMember::isAddress)) {
      join.getTcpIpConfig()
          .setEnabled(true)
          .setMembers(listed.stream().map(ListedMember::toString).toList());
      return;
    }
    config
        .setProperty("hazelcast.discovery.enabled", "true")
        .setProperty("hazelcast.wait.seconds.before.join", Integer.toString(NAMES_WAIT_SECONDS));
    // Discovery treats an address as a name that resolves to itself, so the list may mix both.
    join.getDiscoveryConfig()
        .setDiscoveryStrategyConfigs(listed.stream().map(HazelcastConfiguration::lookUp).toList())
        // A Service of two IP families resolves to addresses on which no member listens.
        .setNodeFilter(node -> sameFamily(own, inetAddress(node)));
  }

  private static DiscoveryStrategyConfig lookUp(ListedMember member) {
    DiscoveryStrategyConfig lookUp =
        new DiscoveryStrategyConfig(new HazelcastKubernetesDiscoveryStrategyFactory());
    lookUp.addProperty("service-dns", member.host());
    lookUp.addProperty("service-port", Integer.toString(member.port()));
    return lookUp;
  }

  private static InetAddress inetAddress(DiscoveryNode node) {
    try {
      return node.getPrivateAddress().getInetAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address that was looked up is a name", e);
    }
  }

  private static boolean sameFamily(InetAddress own, InetAddress other) {
    return own.getAddress().length == other.getAddress().length;
  }

  private InetAddress address() {
    try {
      return InetAddress.getByName(host);
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
                    new ClassFilter()
                        .addPrefixes("com.hazelcast.")
                        .addClasses(JAVA_SERIALIZED.toArray(String[]::new))));
  }

  private static ReplicatedMapConfig sealed(String name) {
    ReplicatedMapConfig map =
        new ReplicatedMapConfig(name).setInMemoryFormat(InMemoryFormat.BINARY);
    map.setMergePolicyConfig(new MergePolicyConfig(LatestUpdateMergePolicy.class.getName(), 1_000));
    return map;
  }
}
