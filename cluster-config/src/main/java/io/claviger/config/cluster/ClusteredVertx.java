package io.claviger.config.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;
import java.util.UUID;

/**
 * A Vert.x whose event bus reaches the other brokers, and its Hazelcast member. Closing the Vert.x
 * shuts the member down too.
 *
 * @param vertx the clustered Vert.x
 * @param hazelcast the member
 * @param nodeId this broker's name on the event bus; the member's attribute {@value
 *     #NODE_ID_ATTRIBUTE}
 * @param certificates of this broker's end of the event bus
 */
public record ClusteredVertx(
    Vertx vertx, HazelcastInstance hazelcast, String nodeId, BusCertificates certificates) {

  /** The member attribute in which vertx-hazelcast publishes a member's event-bus node id. */
  public static final String NODE_ID_ATTRIBUTE = "__vertx.nodeId";

  private static final int CONNECT_MILLIS = 1_000;
  private static final int MAX_IDLE_PING_MILLIS = 5_000;

  /**
   * Where the event bus listens, and with which certificate. Both sides of a connection present a
   * certificate, and the authority must have signed it. Vert.x does not compare host names on the
   * event bus, and no option changes that. The authority must therefore sign certificates of
   * brokers only.
   *
   * @param host where to listen, also announced to the other brokers
   * @param port where to listen; 0 lets the system choose
   * @param certificate this broker's chain, PEM
   * @param key its key, PEM (PKCS #8)
   * @param authority signs brokers' certificates, PEM
   */
  public record Bus(String host, int port, Path certificate, Path key, Path authority) {}

  /**
   * Joins the mesh. Fails if the port is in use, a file cannot be read, or Hazelcast cannot start.
   *
   * @param options everything but clustering; its event-bus options are replaced
   * @param bus this broker's end of the event bus
   * @param hazelcast the member's configuration
   * @param keys prove membership between members
   */
  public static Future<ClusteredVertx> join(
      VertxOptions options, Bus bus, HazelcastConfiguration hazelcast, SealingKeys keys) {
    Config config = hazelcast.toConfig();
    // As vertx-hazelcast does for a member that it starts itself.
    config.getMemberAttributeConfig().setAttribute(NODE_ID_ATTRIBUTE, UUID.randomUUID().toString());
    MemberProof proof = new MemberProof(hazelcast.mesh(), keys, new SecureRandom());
    return started(config, proof)
        .compose(
            member ->
                clustered(options, bus, member)
                    .onFailure(failure -> member.getLifecycleService().terminate()));
  }

  /** Runs on its own thread: it blocks while it looks for members, and there is no Vert.x yet. */
  private static Future<HazelcastInstance> started(Config config, MemberProof proof) {
    Promise<HazelcastInstance> started = Promise.promise();
    Thread.ofPlatform()
        .name("join")
        .start(
            () -> {
              try {
                started.complete(ProvenMember.start(config, proof));
              } catch (Throwable e) {
                started.fail(e);
              }
            });
    return started.future();
  }

  private static Future<ClusteredVertx> clustered(
      VertxOptions options, Bus bus, HazelcastInstance member) {
    HazelcastClusterManager cluster = new EndingWithVertx(member);
    return Vertx.builder()
        .with(new VertxOptions(options).setEventBusOptions(busOptions(bus)))
        .withClusterManager(cluster)
        .buildClustered()
        .map(
            vertx -> {
              refuseJavaSerialization(vertx.eventBus());
              return new ClusteredVertx(
                  vertx, member, cluster.getNodeId(), new BusCertificates(vertx.eventBus()));
            });
  }

  /** vertx-hazelcast does not shut down a member that it did not start. */
  private static final class EndingWithVertx extends HazelcastClusterManager {
    private final HazelcastInstance member;

    EndingWithVertx(HazelcastInstance member) {
      super(member);
      this.member = member;
    }

    @Override
    public void leave(Completable<Void> left) {
      super.leave(
          (nothing, failure) ->
              // Blocks until other members have its partitions.
              Thread.ofPlatform()
                  .name("leave")
                  .start(
                      () -> {
                        try {
                          member.getLifecycleService().shutdown();
                        } finally {
                          left.complete(nothing, failure);
                        }
                      }));
    }
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
