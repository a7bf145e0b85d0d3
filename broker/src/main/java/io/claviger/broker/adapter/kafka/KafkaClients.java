package io.claviger.broker.adapter.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How this broker's Kafka clients are set: timeouts and sizes as the operator says, else as each
 * role needs them; what the log's correctness rests on is not to be set otherwise.
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

  /** For asking where the log ends; knows within 200 ms that Kafka is back. */
  Admin endsAdmin() {
    Map<String, Object> settings = new HashMap<>(common("ends"));
    settings.put("reconnect.backoff.max.ms", "200");
    return admin(settings);
  }

  /** A new admin client; what it is asked fails within 8 s. */
  Admin admin(String role) {
    return admin(common(role));
  }

  private static Admin admin(Map<String, Object> settings) {
    settings.putIfAbsent("default.api.timeout.ms", "8000");
    settings.putIfAbsent("request.timeout.ms", "5000");
    return Admin.create(settings);
  }

  /** For a consumer without a group that sees committed records only. */
  Map<String, Object> reader(String role) {
    Map<String, Object> settings = consumer(role);
    settings.putIfAbsent("default.api.timeout.ms", "5000");
    settings.putIfAbsent("request.timeout.ms", "3000");
    // A batch is applied on an event loop.
    settings.putIfAbsent("max.poll.records", "200");
    return settings;
  }

  /** For the writers' consumer group. */
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

  /** For the producer of one partition's transactions. */
  Map<String, Object> transactions(String transactionalId) {
    Map<String, Object> settings = common("writer-" + transactionalId);
    settings.putIfAbsent("max.block.ms", "10000");
    settings.putIfAbsent("transaction.timeout.ms", "10000");
    // Nothing waits for a batch to fill; but a log that is written again has tens of thousands.
    settings.putIfAbsent("batch.size", "65536");
    settings.put("transactional.id", transactionalId);
    sending(settings);
    settings.put("enable.idempotence", "true");
    return settings;
  }

  /** For a producer whose sender waits: fails within 10 s. */
  Map<String, Object> producer(String role) {
    Map<String, Object> settings = common(role);
    settings.putIfAbsent("max.block.ms", "5000");
    return sending(settings);
  }

  /** For the audit stream's producer: what it holds outlasts a restart of Kafka. */
  Map<String, Object> auditProducer() {
    Map<String, Object> settings = common("audit");
    settings.putIfAbsent("linger.ms", "100");
    settings.putIfAbsent("delivery.timeout.ms", "120000");
    // Kafka may not have been there yet; a worker thread that waits longer would be reported.
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
    // As Kafka creates topics by itself, they lose what they must keep.
    settings.put("allow.auto.create.topics", "false");
    settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
    settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
    return settings;
  }

  private static Map<String, Object> sending(Map<String, Object> settings) {
    settings.put("acks", "all");
    // Kafka that has lost its data numbers producers anew: one that lives on would have the number
    // of a new one, and what either sends be refused for its order, or taken for sent already, and
    // a transaction of that number never end. Commands and events have ids: they may come twice.
    settings.put("enable.idempotence", "false");
    // A new topic's leader may refuse a producer's first batch and take the second, for it knows of
    // no number before it; then it never takes the first one.
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
