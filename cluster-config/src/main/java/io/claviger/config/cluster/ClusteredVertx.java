package io.claviger.config.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.nio.file.Path;
import java.util.Set;

/**
 * A Vert.x whose event bus reaches the other brokers, and the Hazelcast member under it. Closing
 * the Vert.x ends the member too.
 *
 * @param vertx the clustered Vert.x
 * @param hazelcast the member
 * @param nodeId this broker's name on the event bus; the member's attribute {@value
 *     #NODE_ID_ATTRIBUTE}
 */
public record ClusteredVertx(Vertx vertx, HazelcastInstance hazelcast, String nodeId) {

  /** The member attribute in which vertx-hazelcast publishes a member's event-bus node id. */
  public static final String NODE_ID_ATTRIBUTE = "__vertx.nodeId";

  private static final int CONNECT_MILLIS = 1_000;
  private static final int MAX_IDLE_PING_MILLIS = 5_000;

  /**
   * Where the event bus listens, and with which identity. Both sides of a connection present a
   * certificate, and the authority must have signed it. Vert.x does not compare host names on the
   * event bus and cannot be told to: so the authority must sign certificates of brokers only.
   *
   * @param host where to listen and what to tell the others
   * @param port where to listen; 0 lets the system choose
   * @param certificate this broker's chain, PEM
   * @param key its key, PEM (PKCS #8)
   * @param authority who signs brokers' certificates, PEM
   */
  public record Bus(String host, int port, Path certificate, Path key, Path authority) {}

  /**
   * Joins the mesh. Fails when the port is taken, a file cannot be read, or Hazelcast cannot start.
   *
   * @param options everything but clustering; its event-bus options are replaced
   * @param bus this broker's end of the event bus
   * @param hazelcast see {@link HazelcastConfiguration#toConfig()}
   */
  public static Future<ClusteredVertx> join(VertxOptions options, Bus bus, Config hazelcast) {
    HazelcastClusterManager cluster = new HazelcastClusterManager(hazelcast);
    return Vertx.builder()
        .with(new VertxOptions(options).setEventBusOptions(busOptions(bus)))
        .withClusterManager(cluster)
        .buildClustered()
        .map(
            vertx -> {
              refuseJavaSerialization(vertx.eventBus());
              return new ClusteredVertx(vertx, cluster.getHazelcastInstance(), cluster.getNodeId());
            });
  }

  static EventBusOptions busOptions(Bus bus) {
    return new EventBusOptions()
        .setHost(bus.host())
        .setPort(bus.port())
        .setConnectTimeout(CONNECT_MILLIS)
        .setClusterPingInterval(MAX_IDLE_PING_MILLIS)
        .setClusterPingReplyInterval(MAX_IDLE_PING_MILLIS)
        .setSsl(true)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(bus.certificate().toString())
                .setKeyPath(bus.key().toString()))
        .setTrustOptions(new PemTrustOptions().addCertPath(bus.authority().toString()))
        .setClientAuth(ClientAuth.REQUIRED);
  }

  private static void refuseJavaSerialization(EventBus bus) {
    bus.clusterSerializableChecker(className -> false).serializableChecker(className -> false);
  }
}
