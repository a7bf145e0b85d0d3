package io.claviger.broker.adapter.kafka;

import io.claviger.kafkaserver.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A Kafka that serves clients until it is closed. */
public record RunningKafka(String bootstrapServers, Runnable stop) implements AutoCloseable {

  // The same settings as the embedded Kafka: a container's default would detect a failed writer
  // only after 45 s.
  private static final Map<String, String> QUICK_GROUPS =
      Map.of(
          "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
          "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
          "KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS", "500",
          "KAFKA_GROUP_CONSUMER_SESSION_TIMEOUT_MS", "1000",
          "KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "100",
          "KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS", "200",
          "KAFKA_GROUP_CONSUMER_ASSIGNMENT_INTERVAL_MS", "0");

  /** Starts Kafka in this process, on free ports, with its data in a new directory. */
  static RunningKafka embedded() {
    try {
      return embedded(Files.createTempDirectory("claviger-kafka"), freePort(), freePort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RunningKafka embedded(Path directory, int brokerPort, int controllerPort) {
    EmbeddedKafka kafka = EmbeddedKafka.start(directory, brokerPort, controllerPort);
    return new RunningKafka(kafka.bootstrapServers(), kafka::close);
  }

  static RunningKafka container(String image) {
    // An image of any name from any registry: the setting declares that it is Kafka's.
    DockerImageName name = DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka");
    KafkaContainer container = new KafkaContainer(name).withEnv(QUICK_GROUPS);
    container.start();
    return new RunningKafka(container.getBootstrapServers(), container::stop);
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
    stop.run();
  }
}
