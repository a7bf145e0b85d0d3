package io.claviger.localmesh.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A KRaft broker and controller in this process, in plaintext, on loopback unless told otherwise.
 * What was acknowledged is in its directory: started on the same one again, also after a kill, it
 * goes on from there.
 *
 * <p>It is set for one machine: one replica of everything, small buffers, and quick group
 * membership ({@code group.protocol=consumer}), so that a writer's death is noticed after a second.
 */
public final class EmbeddedKafka implements AutoCloseable {

  private static final int NODE_ID = 1;
  private static final String PLAINTEXT = "PLAINTEXT://";

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("node.id", String.valueOf(NODE_ID)),
          Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
          Map.entry("inter.broker.listener.name", "PLAINTEXT"),
          Map.entry("controller.listener.names", "CONTROLLER"),
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("num.partitions", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "1"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          // The defaults make a restart take 12 s.
          Map.entry("broker.session.timeout.ms", "1500"),
          Map.entry("broker.heartbeat.interval.ms", "300"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("group.consumer.min.session.timeout.ms", "500"),
          Map.entry("group.consumer.session.timeout.ms", "1000"),
          Map.entry("group.consumer.min.heartbeat.interval.ms", "100"),
          Map.entry("group.consumer.heartbeat.interval.ms", "200"),
          Map.entry("group.consumer.assignment.interval.ms", "0"),
          Map.entry("num.network.threads", "1"),
          Map.entry("num.io.threads", "2"),
          Map.entry("background.threads", "2"),
          Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
          Map.entry("log.segment.bytes", "16777216"),
          // Each partition's two indexes are mapped at their full size: 10 MB each by default.
          Map.entry("log.index.size.max.bytes", "1048576"));

  private final KafkaRaftServer server;
  private final String bootstrapServers;

  private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts and waits until clients are served: 2 to 4 seconds.
   *
   * @param dir where its data is; created and formatted when it is not yet
   * @param brokerPort of clients
   * @param controllerPort of its own controller
   */
  public static EmbeddedKafka start(Path dir, int brokerPort, int controllerPort) {
    String address = "127.0.0.1:" + brokerPort;
    String controller = "127.0.0.1:" + controllerPort;
    return start(
        Map.of(
            "log.dirs",
            dir.toAbsolutePath().toString(),
            "listeners",
            PLAINTEXT + address + ",CONTROLLER://" + controller,
            "advertised.listeners",
            PLAINTEXT + address,
            "controller.quorum.voters",
            NODE_ID + "@" + controller));
  }

  /**
   * Starts and waits until clients are served.
   *
   * @param settings the broker's, which win over those for one machine: {@code log.dirs} (one),
   *     {@code listeners}, {@code advertised.listeners} and {@code controller.quorum.voters} at
   *     least
   */
  public static EmbeddedKafka start(Map<String, String> settings) {
    Properties properties = new Properties();
    properties.putAll(SETTINGS);
    properties.putAll(settings);
    KafkaConfig config = new KafkaConfig(properties);
    format(Path.of(properties.getProperty("log.dirs")));
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    server.startup();
    return new EmbeddedKafka(
        server, properties.getProperty("advertised.listeners").replace(PLAINTEXT, ""));
  }

  /**
   * A process of its own: prints {@code READY bootstrap=<host:port>} once clients are served, and
   * stops in order on SIGTERM.
   *
   * @param args directory, broker port, controller port
   */
  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("usage: EmbeddedKafka <directory> <broker port> <controller port>");
      System.exit(2);
    }
    EmbeddedKafka kafka =
        start(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "kafka-stop"));
    System.out.println("READY bootstrap=" + kafka.bootstrapServers());
    System.out.flush();
    kafka.awaitEnd();
  }

  /** Waits until it is stopped. */
  public void awaitEnd() {
    server.awaitShutdown();
  }

  /** Where clients connect: {@code host:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stops in order and waits until it has. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void format(Path data) {
    if (Files.exists(data.resolve("meta.properties"))) {
      return;
    }
    try {
      Files.createDirectories(data);
      new Formatter()
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE_ID)
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(data.toString())
          .setDirectories(List.of(data.toString()))
          .setIgnoreFormatted(true)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the directory of Kafka " + data, e);
    } catch (Exception e) {
      throw new IllegalStateException("cannot format the directory of Kafka " + data, e);
    }
  }
}
