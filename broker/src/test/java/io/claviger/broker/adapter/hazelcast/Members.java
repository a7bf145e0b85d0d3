package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import io.claviger.config.cluster.HazelcastConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Real members of one mesh in this process, on loopback; the first one started is the oldest
 * member.
 */
final class Members implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  private final String mesh = "mesh-" + UUID.randomUUID();
  private final List<String> known = new ArrayList<>();
  private final List<HazelcastInstance> started = new ArrayList<>();

  /** Starts another member, which joins. */
  HazelcastInstance start() {
    int port = freePort();
    return start(port, port, config -> {});
  }

  /** Starts another member, which all others reach only through the proxy. */
  HazelcastInstance startBehind(TcpProxy proxy) {
    return start(
        proxy.target(),
        proxy.port(),
        config ->
            ((ServerSocketEndpointConfig)
                    Objects.requireNonNull(
                        config
                            .getAdvancedNetworkConfig()
                            .getEndpointConfigs()
                            .get(EndpointQualifier.MEMBER)))
                .setPublicAddress(HOST + ":" + proxy.port()));
  }

  private HazelcastInstance start(int port, int reachedAt, Consumer<Config> also) {
    known.add(HOST + ":" + reachedAt);
    Config config = new HazelcastConfiguration(mesh, HOST, port, known).toConfig();
    also.accept(config);
    HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
    started.add(member);
    return member;
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    started.reversed().forEach(member -> member.getLifecycleService().terminate());
  }
}
