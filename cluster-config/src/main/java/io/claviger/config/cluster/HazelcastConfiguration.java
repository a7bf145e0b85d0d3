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
 * How a broker is a Hazelcast member. Members find each other by the given list only; nothing is
 * detected, nothing calls home, no Jet. A dead member is removed within five seconds, a split one
 * merges within five more.
 *
 * <p>A list of addresses alone is joined over TCP/IP. That joiner takes one address of a name, and
 * with {@code interfaces}, which say where to bind, only this member's own: so a list with a name
 * in it is looked up by Hazelcast's Kubernetes discovery, which asks the resolver for every address
 * and needs no API server. Each run of the merge asks again, and takes those who came late.
 *
 * <p>The port speaks the members' protocol and no other. The open edition has neither TLS nor
 * authentication: what is stored is sealed (see {@link Sealer}), what is deserialized is filtered,
 * and the port is for a NetworkPolicy to fence.
 *
 * @param mesh brokers of another mesh name are not joined
 * @param host where to bind and what to tell the others: a name or an address of this machine
 * @param port where to bind; exactly this one
 * @param members as {@link ListedMember#parse} reads them
 */
public record HazelcastConfiguration(String mesh, String host, int port, List<String> members) {

  /** The replicated map of sealed sessions. */
  public static final String SESSIONS = "claviger.sessions";

  /** A map like it, in which brokers that start put what nobody asks for. */
  public static final String WARM_UP = "claviger.warm-up";

  private static final int JOIN_CONNECT_SECONDS = 2;

  /**
   * How long a name may have nobody else's address before this member begins alone: a fresh
   * cluster's members all start at once, and DNS names them a moment later.
   */
  private static final int NAMES_WAIT_SECONDS = 5;

  /**
   * Java-serialized classes that a member reads: the failures that Hazelcast itself reports between
   * members. Everything of ours and of Vert.x is bytes, text or DataSerializable.
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
   * Every address of this member's IP family that the names among the members have now; empty where
   * no member is a name. Asks the resolver: blocks, for as long as that does.
   *
   * @throws UnknownHostException when a name has none
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
   * The configuration, a new one each time.
   *
   * @throws SettingsException when the host is unknown, or a member's text is none
   */
  public Config toConfig() {
    Config config = new Config().setClusterName(mesh);
    config.setClassLoader(
        new PeerClassLoader(HazelcastConfiguration.class.getClassLoader(), JAVA_SERIALIZED));
    config.getJetConfig().setEnabled(false);
    // Collected every few seconds, and nobody reads them.
    config.getMetricsConfig().setEnabled(false);
    properties(config);
    network(config);
    serialization(config.getSerializationConfig());
    return config
        // A member that has the map has all of it, and only then is it ready.
        .addReplicatedMapConfig(sealed(SESSIONS).setAsyncFillup(false))
        .addReplicatedMapConfig(sealed(WARM_UP).setAsyncFillup(true))
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

  private void network(Config config) {
    InetAddress own = address();
    ServerSocketEndpointConfig members =
        new ServerSocketEndpointConfig()
            .setPort(port)
            .setPortAutoIncrement(false)
            .setPublicAddress(own.getHostAddress());
    // An address that does not answer holds up neither the join nor the merge.
    members.setSocketConnectTimeoutSeconds(JOIN_CONNECT_SECONDS);
    members.getInterfaces().setEnabled(true).addInterface(own.getHostAddress());
    // Only this way the port speaks nothing but the members' own protocol: no clients, REST,
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
    // An address in the list is a name that has itself: so both may be in it.
    join.getDiscoveryConfig()
        .setDiscoveryStrategyConfigs(listed.stream().map(HazelcastConfiguration::lookUp).toList())
        // A Service of two families gives addresses on which no member listens.
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
