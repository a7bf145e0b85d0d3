package io.claviger.broker.adapter.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How this broker's Kafka clients are set: what each role needs, over it what the operator says.
 *
 * @param bootstrapServers {@code host:port}, several with commas
 * @param name of this member; in client ids
 * @param properties further client properties, for example for TLS and SASL
 */
public record KafkaClients(String bootstrapServers, String name, Map<String, String> properties) {

  public KafkaClients {
    properties = Map.copyOf(properties);
  }

  /** How writers find out who is alive. */
  public enum GroupProtocol {
    /**
     * Works on every cluster; a death is noticed after 6 s, the least that brokers allow by
     * default.
     */
    CLASSIC,
    /** KIP-848; as quick as the broker is set, 45 s where nobody set it. */
    CONSUMER;

    /**
     * As it is written in settings.
     *
     * @throws IllegalArgumentException naming the values that exist
     */
    public static GroupProtocol of(String text) {
      return switch (text) {
        case "classic" -> CLASSIC;
        case "consumer" -> CONSUMER;
        default ->
            throw new IllegalArgumentException(
                "group protocol must be classic or consumer, not '" + text + "'");
      };
    }
  }

  /** A new admin client. */
  Admin admin(String role) {
    Properties settings = new Properties();
    settings.putAll(common(role));
    return Admin.create(settings);
  }

  /** For a consumer without a group that sees committed records only. */
  Map<String, Object> reader(String role) {
    Map<String, Object> settings = common(role);
    settings.put("isolation.level", "read_committed");
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");
    settings.put("default.api.timeout.ms", "5000");
    settings.put("request.timeout.ms", "3000");
    // A batch is applied on an event loop.
    settings.put("max.poll.records", "200");
    deserializers(settings);
    return settings;
  }

  /** For the writers' consumer group. */
  Map<String, Object> groupMember(String group, GroupProtocol protocol) {
    Map<String, Object> settings = reader("writer");
    settings.put("group.id", group);
    settings.put("max.poll.records", "500");
    settings.put("max.poll.interval.ms", "30000");
    settings.put("fetch.max.wait.ms", "100");
    settings.put("default.api.timeout.ms", "8000");
    settings.put("request.timeout.ms", "5000");
    switch (protocol) {
      case CONSUMER -> settings.put("group.protocol", "consumer");
      case CLASSIC -> {
        settings.put("session.timeout.ms", "6000");
        settings.put("heartbeat.interval.ms", "1200");
        settings.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
      }
    }
    return settings;
  }

  /** For the producer of one partition's transactions. */
  Map<String, Object> transactions(String transactionalId) {
    Map<String, Object> settings = producer("writer-" + transactionalId);
    settings.put("transactional.id", transactionalId);
    settings.put("transaction.timeout.ms", "10000");
    settings.put("max.block.ms", "10000");
    return settings;
  }

  /** For a producer whose sender waits: fails within 10 s. */
  Map<String, Object> producer(String role) {
    Map<String, Object> settings = common(role);
    settings.put("acks", "all");
    settings.put("linger.ms", "0");
    settings.put("request.timeout.ms", "3000");
    settings.put("delivery.timeout.ms", "10000");
    settings.put("max.block.ms", "5000");
    settings.put("key.serializer", ByteArraySerializer.class.getName());
    settings.put("value.serializer", ByteArraySerializer.class.getName());
    return settings;
  }

  /** For the audit stream's producer: what it holds outlasts a restart of Kafka. */
  Map<String, Object> auditProducer() {
    Map<String, Object> settings = producer("audit");
    settings.put("linger.ms", "5");
    settings.put("delivery.timeout.ms", "120000");
    settings.put("key.serializer", StringSerializer.class.getName());
    return settings;
  }

  private Map<String, Object> common(String role) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("enable.metrics.push", "false");
    settings.put("reconnect.backoff.ms", "20");
    settings.put("reconnect.backoff.max.ms", "1000");
    settings.put("retry.backoff.ms", "10");
    settings.put("retry.backoff.max.ms", "100");
    settings.putAll(properties);
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("client.id", name + "-" + role);
    return settings;
  }

  private static void deserializers(Map<String, Object> settings) {
    settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
    settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
  }
}
