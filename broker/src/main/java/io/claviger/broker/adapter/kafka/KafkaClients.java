package io.claviger.broker.adapter.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The settings of this broker's Kafka clients. The operator may set timeouts and sizes; each role
 * has its own defaults. Properties that the log's correctness needs cannot be overridden.
 *
 * @param bootstrapServers {@code host:port}, separated by commas
 * @param name of this broker; in client ids
 * @param properties further client properties, for example for TLS and SASL
 */
public record KafkaClients(String bootstrapServers, String name, Map<String, String> properties) {

  public KafkaClients {
    properties = Map.copyOf(properties);
  }

  /** How the group of writers detects a failed writer. */
  public enum GroupProtocol {
    /**
     * Works on every Kafka; a failure is detected after 6 s, the minimum that Kafka allows by
     * default.
     */
    CLASSIC,
    /** KIP-848; as fast as the Kafka broker's setting, 45 s by default. */
    CONSUMER;

    /**
     * Returns the protocol for the text of a setting.
     *
     * @throws IllegalArgumentException naming the valid values
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

  /** Creates the client that requests end offsets; detects Kafka's return within 200 ms. */
  Admin endsAdmin() {
    Map<String, Object> settings = new HashMap<>(common("ends"));
    settings.put("reconnect.backoff.max.ms", "200");
    return admin(settings);
  }

  /** Creates an admin client; its requests fail within 8 s. */
  Admin admin(String role) {
    return admin(common(role));
  }

  private static Admin admin(Map<String, Object> settings) {
    settings.putIfAbsent("default.api.timeout.ms", "8000");
    settings.putIfAbsent("request.timeout.ms", "5000");
    return Admin.create(settings);
  }

  /** Returns the settings of a consumer without a group that reads only committed records. */
  Map<String, Object> reader(String role) {
    Map<String, Object> settings = consumer(role);
    settings.putIfAbsent("default.api.timeout.ms", "5000");
    settings.putIfAbsent("request.timeout.ms", "3000");
    // A batch is applied on an event loop.
    settings.putIfAbsent("max.poll.records", "200");
    return settings;
  }

  /** Returns the settings of the writers' consumer group. */
  Map<String, Object> groupMember(String group, GroupProtocol protocol) {
    Map<String, Object> settings = consumer("writer");
    settings.put("group.id", group);
    settings.putIfAbsent("max.poll.records", "500");
    settings.putIfAbsent("max.poll.interval.ms", "30000");
    settings.putIfAbsent("default.api.timeout.ms", "8000");
    settings.putIfAbsent("request.timeout.ms", "5000");
    switch (protocol) {
      case CONSUMER -> settings.put("group.protocol", "consumer");
      case CLASSIC -> {
        settings.putIfAbsent("session.timeout.ms", "6000");
        settings.putIfAbsent("heartbeat.interval.ms", "1200");
        settings.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
      }
    }
    return settings;
  }

  /** Returns the settings of the producer of one partition's transactions. */
  Map<String, Object> transactions(String transactionalId) {
    Map<String, Object> settings = common("writer-" + transactionalId);
    settings.putIfAbsent("max.block.ms", "10000");
    settings.putIfAbsent("transaction.timeout.ms", "10000");
    // No record waits for a batch to fill, but rewriting a log sends tens of thousands of records.
    settings.putIfAbsent("batch.size", "65536");
    settings.put("transactional.id", transactionalId);
    sending(settings);
    settings.put("enable.idempotence", "true");
    return settings;
  }

  /** Returns the settings of a producer whose caller waits: fails within 10 s. */
  Map<String, Object> producer(String role) {
    Map<String, Object> settings = common(role);
    settings.putIfAbsent("max.block.ms", "5000");
    return sending(settings);
  }

  /**
   * Returns the settings of the audit stream's producer; its queued events survive a restart of
   * Kafka.
   */
  Map<String, Object> auditProducer() {
    Map<String, Object> settings = common("audit");
    settings.putIfAbsent("linger.ms", "100");
    settings.putIfAbsent("delivery.timeout.ms", "120000");
    // Kafka may not be available yet. Vert.x would report a worker thread that blocks longer.
    settings.putIfAbsent("max.block.ms", "50000");
    sending(settings);
    settings.put("key.serializer", StringSerializer.class.getName());
    return settings;
  }

  private Map<String, Object> consumer(String role) {
    Map<String, Object> settings = common(role);
    settings.put("isolation.level", "read_committed");
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");
    // Topics that Kafka creates by itself do not keep what the log needs.
    settings.put("allow.auto.create.topics", "false");
    settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
    settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
    return settings;
  }

  private static Map<String, Object> sending(Map<String, Object> settings) {
    settings.put("acks", "all");
    // After Kafka has lost its data, it assigns producer ids again, and an old producer could share
    // its id with a new one. Their records could then be rejected as out of order or dropped as
    // duplicates, and their transactions could hang. Commands and events have ids of their own, so
    // duplicates are harmless.
    settings.put("enable.idempotence", "false");
    // A new topic's leader may reject a producer's first batch and accept the second, because it
    // has no earlier sequence number. It would then never accept the first one.
    settings.put("max.in.flight.requests.per.connection", "1");
    settings.putIfAbsent("linger.ms", "0");
    settings.putIfAbsent("request.timeout.ms", "3000");
    settings.putIfAbsent("delivery.timeout.ms", "10000");
    settings.put("key.serializer", ByteArraySerializer.class.getName());
    settings.put("value.serializer", ByteArraySerializer.class.getName());
    return settings;
  }

  private Map<String, Object> common(String role) {
    Map<String, Object> settings = new HashMap<>(properties);
    settings.putIfAbsent("enable.metrics.push", "false");
    settings.putIfAbsent("reconnect.backoff.ms", "20");
    settings.putIfAbsent("reconnect.backoff.max.ms", "1000");
    settings.putIfAbsent("retry.backoff.ms", "10");
    settings.putIfAbsent("retry.backoff.max.ms", "100");
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("client.id", name + "-" + role);
    return settings;
  }
}
