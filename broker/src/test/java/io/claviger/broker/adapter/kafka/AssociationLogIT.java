package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaFixture.class)
final class AssociationLogIT {

  private final RunningKafka kafka;
  private final String cluster = Asked.newCluster();
  private LogMember member;

  AssociationLogIT(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void startMember() {
    member = LogMember.start(kafka, "log-1", cluster);
  }

  @AfterEach
  void closeMember() {
    member.close();
  }

  @Test
  void writesAChangeWithItsHeadAndItsOutcome() {
    AssociationCommand create = Asked.create(cluster, "cart");

    AssociationOutcome outcome = member.decided(create);

    assertThat(outcome.position().sequence()).isEqualTo(1);
    Association association = ((Accepted) outcome.result()).association();
    List<ConsumerRecord<String, String>> changes = changes();
    assertThat(changes)
        .extracting(ConsumerRecord::key)
        .containsExactly(cluster + "/shop/cart", cluster);
    assertThat(SchemaJson.read(changes.get(0).value(), AssociationChange.class))
        .isEqualTo(AssociationChange.of(association, outcome.position(), Asked.ACTOR));
    assertThat(SchemaJson.read(changes.get(1).value(), LogHead.class))
        .isEqualTo(LogHead.of(cluster, outcome.position(), null));
    List<ConsumerRecord<String, String>> outcomes =
        LogDump.committed(kafka, Topics.OUTCOMES, cluster);
    assertThat(outcomes)
        .extracting(ConsumerRecord::key)
        .containsExactly(cluster + "/" + create.clientRequestToken());
    assertThat(SchemaJson.read(outcomes.getFirst().value(), AssociationOutcome.class))
        .isEqualTo(outcome);
    assertThat(Stream.concat(changes.stream(), outcomes.stream()))
        .extracting(ConsumerRecord::partition)
        .containsOnly(ClusterPartition.of(cluster));
  }

  @Test
  void endsATransactionBehindTheHeadAndNotBefore() {
    member.decided(Asked.create(cluster, "cart"));
    member.decided(Asked.create(cluster, "orders"));

    List<Long> offsets = changes().stream().map(ConsumerRecord::offset).toList();

    // Change, head, marker: only a marker uses an offset without a record.
    long first = offsets.getFirst();
    assertThat(offsets).containsExactly(first, first + 1, first + 3, first + 4);
  }

  @Test
  void writesRecordsThatFollowTheirSchemas() {
    Association association = member.accepted(Asked.create(cluster, "cart")).association();
    member.accepted(Asked.update(cluster, association.id(), "other"));
    member.refused(Asked.create(cluster, "cart"));
    member.accepted(Asked.delete(cluster, association.id()));

    List<ConsumerRecord<String, String>> records = new ArrayList<>(changes());
    records.addAll(LogDump.committed(kafka, Topics.COMMANDS, cluster));
    records.addAll(LogDump.committed(kafka, Topics.OUTCOMES, cluster));

    assertThat(records).hasSize(3 * 2 + 4 + 4);
    for (ConsumerRecord<String, String> record : records) {
      if (record.value() != null) {
        assertThat(Schemas.violations(schema(record), record.value())).as(record.value()).isEmpty();
      }
    }
  }

  private String schema(ConsumerRecord<String, String> record) {
    return switch (record.topic()) {
      case Topics.COMMANDS -> "association-command";
      case Topics.OUTCOMES -> "association-outcome";
      default -> record.key().equals(cluster) ? "log-head" : "association-change";
    };
  }

  @Test
  void letsOneOfTwoCreatesOfTheSameWorkloadSucceed() {
    try (LogMember other = LogMember.start(kafka, "log-2", cluster)) {
      for (int i = 0; i < 20; i++) {
        String serviceAccount = "sa-" + i;
        CompletableFuture<AssociationOutcome> one =
            member.send(Asked.create(cluster, serviceAccount));
        CompletableFuture<AssociationOutcome> two =
            other.send(Asked.create(cluster, serviceAccount));

        List<AssociationOutcome.Result> results =
            Stream.of(one.join(), two.join()).map(AssociationOutcome::result).toList();

        Accepted accepted = only(Accepted.class, results);
        assertThat(accepted.effect()).isEqualTo(Effect.CREATED);
        assertThat(only(Refused.class, results))
            .isEqualTo(
                new Refused(
                    "ResourceInUseException",
                    "Association already exists: " + accepted.association().id()));
      }
    }
  }

  private static <T> T only(Class<T> type, List<?> all) {
    assertThat(all).filteredOn(type::isInstance).hasSize(1);
    return all.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  @Test
  void givesATokenItsOutcomeAgainAndRefusesItWithAnotherInput() {
    AssociationCommand create = Asked.create(cluster, "cart");
    AssociationOutcome first = member.decided(create);

    AssociationOutcome again = member.decided(create);
    AssociationOutcome other =
        member.decided(
            Asked.command(
                cluster,
                create.clientRequestToken(),
                new AssociationCommand.Create(Asked.spec("orders", "orders"))));
    AssociationOutcome afterwards = member.decided(create);

    assertThat(again).isEqualTo(first);
    assertThat(other.result())
        .isEqualTo(
            new Refused(
                "InvalidRequestException",
                "clientRequestToken "
                    + create.clientRequestToken()
                    + " has been used with another input"));
    assertThat(afterwards).isEqualTo(first);
    assertThat(changes()).hasSize(2);
  }

  @Test
  void writesATombstoneThatNamesWhatItRemoves() {
    Association created = member.accepted(Asked.create(cluster, "cart")).association();
    AssociationOutcome updated = member.decided(Asked.update(cluster, created.id(), "other"));
    AssociationOutcome removed = member.decided(Asked.delete(cluster, created.id()));

    assertThat(((Accepted) updated.result()).association().revision()).isEqualTo(2);
    assertThat(((Accepted) removed.result()).effect()).isEqualTo(Effect.REMOVED);
    ConsumerRecord<String, String> tombstone =
        changes().stream().filter(record -> record.value() == null).findFirst().orElseThrow();
    assertThat(tombstone.key()).isEqualTo(cluster + "/shop/cart");
    Map<String, String> headers = new HashMap<>();
    tombstone
        .headers()
        .forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
    assertThat(headers)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "claviger-association-id",
                created.id(),
                "claviger-revision",
                "2",
                "claviger-epoch",
                String.valueOf(removed.position().epoch()),
                "claviger-sequence",
                "3",
                "claviger-actor",
                Asked.ACTOR));
  }

  @Test
  void countsChangesOfAClusterWithoutHolesWhateverIsAskedAtOnce() {
    List<CompletableFuture<AssociationOutcome>> asked =
        IntStream.range(0, 100)
            .mapToObj(i -> member.send(Asked.create(cluster, "sa-" + i % 60)))
            .toList();
    List<AssociationOutcome> outcomes = asked.stream().map(CompletableFuture::join).toList();

    assertThat(outcomes).filteredOn(o -> o.result() instanceof Accepted).hasSize(60);
    long epoch = outcomes.getFirst().position().epoch();
    assertThat(
            changes().stream()
                .filter(record -> !record.key().equals(cluster))
                .map(record -> SchemaJson.read(record.value(), AssociationChange.class).position()))
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 60).mapToObj(i -> new Position(epoch, i)).toList());
  }

  private List<ConsumerRecord<String, String>> changes() {
    return LogDump.committed(kafka, Topics.CHANGES, cluster);
  }
}
