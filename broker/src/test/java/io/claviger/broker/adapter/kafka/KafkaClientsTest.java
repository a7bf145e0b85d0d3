package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.adapter.kafka.KafkaClients.GroupProtocol;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

final class KafkaClientsTest {

  private static KafkaClients clients(Map<String, String> properties) {
    return new KafkaClients("kafka:9092", "broker-1", properties);
  }

  @Test
  void letTheOperatorSetTimeoutsAndSecurity() {
    KafkaClients clients =
        clients(Map.of("security.protocol", "SSL", "request.timeout.ms", "1", "linger.ms", "7"));

    assertThat(clients.reader("a"))
        .containsEntry("security.protocol", "SSL")
        .containsEntry("request.timeout.ms", "1");
    assertThat(clients.transactions("t"))
        .containsEntry("security.protocol", "SSL")
        .containsEntry("linger.ms", "7");
    assertThat(clients.auditProducer()).containsEntry("linger.ms", "7");
  }

  @Test
  void doNotLetTheOperatorUndoWhatTheLogRestsOn() {
    KafkaClients clients =
        clients(
            Map.of(
                "isolation.level", "read_uncommitted",
                "enable.auto.commit", "true",
                "auto.offset.reset", "latest",
                "acks", "0",
                "enable.idempotence", "false",
                "max.in.flight.requests.per.connection", "5",
                "transactional.id", "mine",
                "group.id", "mine",
                "bootstrap.servers", "elsewhere:1",
                "client.id", "mine"));

    assertThat(clients.groupMember("writers", GroupProtocol.CLASSIC))
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("enable.auto.commit", "false")
        .containsEntry("auto.offset.reset", "earliest")
        .containsEntry("group.id", "writers")
        .containsEntry("bootstrap.servers", "kafka:9092")
        .containsEntry("client.id", "broker-1-writer");
    assertThat(clients.transactions("p0"))
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", "true")
        .containsEntry("transactional.id", "p0");
    assertThat(clients.auditProducer())
        .containsEntry("acks", "all")
        .containsEntry("max.in.flight.requests.per.connection", "1");
  }

  /** After a loss of data, Kafka would assign their producer id to another producer. */
  @Test
  void haveNoNumberAtKafkaWhereTheyOutliveItsData() {
    KafkaClients clients = clients(Map.of("enable.idempotence", "true"));

    assertThat(clients.auditProducer()).containsEntry("enable.idempotence", "false");
    assertThat(clients.producer("commands")).containsEntry("enable.idempotence", "false");
  }

  @Test
  void areSettingsThatKafkaTakes() {
    KafkaClients clients = clients(Map.of());

    assertThat(new ConsumerConfig(clients.reader("a")).getString("isolation.level"))
        .isEqualTo("read_committed");
    for (GroupProtocol protocol : GroupProtocol.values()) {
      assertThat(new ConsumerConfig(clients.groupMember("g", protocol)).getString("group.id"))
          .isEqualTo("g");
    }
    assertThat(new ProducerConfig(clients.transactions("p0")).getInt("transaction.timeout.ms"))
        .isEqualTo(10_000);
    assertThat(new ProducerConfig(clients.auditProducer()).getInt("delivery.timeout.ms"))
        .isEqualTo(120_000);
  }

  @Test
  void knowTwoGroupProtocols() {
    assertThat(GroupProtocol.of("classic")).isEqualTo(GroupProtocol.CLASSIC);
    assertThat(GroupProtocol.of("consumer")).isEqualTo(GroupProtocol.CONSUMER);
    assertThatThrownBy(() -> GroupProtocol.of("Classic"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("group protocol must be classic or consumer, not 'Classic'");
  }
}
