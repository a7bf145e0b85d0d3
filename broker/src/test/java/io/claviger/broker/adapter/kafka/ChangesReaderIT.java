package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.association.Associations.Lookup;
import io.claviger.broker.telemetry.LogMeters;
import io.claviger.schemas.SchemaJson;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaFixture.class)
@Timeout(60)
final class ChangesReaderIT {

  private final RunningKafka kafka;
  private final String cluster = Asked.newCluster();
  private LogMember member;

  ChangesReaderIT(RunningKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void startMember() {
    member = LogMember.start(kafka, "reader-1", cluster);
  }

  @AfterEach
  void closeMember() {
    member.close();
  }

  @Test
  void hasEverythingThatWasCommittedWhenItSaysItHasCaughtUp() {
    createMany(1_000);

    try (LogMember late = LogMember.start(kafka, "late", cluster)) {
      assertThat(late.table().caughtUp()).isFalse();
      await().pollInterval(Duration.ofMillis(1)).until(() -> late.table().caughtUp());

      assertThat(late.table().position(cluster).sequence()).isEqualTo(1_000);
      assertThat(late.table().current(key("sa-999"))).isPresent();
    }
  }

  @Test
  void comesToTheSameTableByReplayingFromNothing() {
    createMany(50);
    for (int i = 0; i < 50; i += 2) {
      Association association = member.table().current(key("sa-" + i)).orElseThrow();
      member.decided(
          i % 4 == 0
              ? Asked.delete(cluster, association.id())
              : Asked.update(cluster, association.id(), "other"));
    }
    await().until(() -> member.table().position(cluster).sequence() == 75);

    try (LogMember fresh = LogMember.start(kafka, "fresh", cluster)) {
      await().until(() -> fresh.table().caughtUp());

      assertThat(fresh.table().snapshot().digest()).isEqualTo(member.table().snapshot().digest());
      assertThat(fresh.table().current(key("sa-0"))).isEmpty();
      assertThat(fresh.table().current(key("sa-2")).orElseThrow().revision()).isEqualTo(2);
    }
  }

  @Test
  void waitsForTheLogsEndBeforeItSaysThatThereIsNone() {
    try (LogMember other = LogMember.start(kafka, "other", cluster)) {
      await().until(() -> other.table().caughtUp() && other.reader().up());
      for (int i = 0; i < 50; i++) {
        Association created = member.accepted(Asked.create(cluster, "sa-" + i)).association();

        Lookup lookup =
            other.associations().find(key("sa-" + i), Position.NONE).toCompletableFuture().join();

        assertThat(lookup)
            .isInstanceOfSatisfying(
                Lookup.Found.class, found -> assertThat(found.association()).isEqualTo(created));
      }

      assertThat(other.associations().find(key("none"), Position.NONE).toCompletableFuture().join())
          .isEqualTo(new Lookup.Absent(other.table().position(cluster)));
    }
  }

  @Test
  void readsAllAgainWhenAChangeIsMissing() {
    Position last = createMany(3);
    Position beyond = last.next().next();
    Association alone = change("sa-9", 1);

    write(AssociationChange.of(alone, beyond, Asked.ACTOR));

    await().until(() -> member.meter(LogMeters.TABLE_RELOADS) == 1);
    await().untilAsserted(() -> assertThat(member.table().current(key("sa-9"))).contains(alone));
    assertThat(member.table().position(cluster)).isEqualTo(beyond);
    assertThat(member.table().current(key("sa-0"))).isPresent();
  }

  @Test
  void readsAllAgainWhenOnlyTheHeadOfAChangeIsThere() {
    Position last = createMany(3);

    new LogSurgery(kafka)
        .write(
            Topics.CHANGES,
            ClusterPartition.of(cluster),
            cluster,
            SchemaJson.write(LogHead.of(cluster, last.next(), null)));

    await().until(() -> member.meter(LogMeters.TABLE_RELOADS) == 1);
    assertThat(member.table().size()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void forgetsWhatAReadingFromTheBeginningDoesNotMeet() {
    Position last = createMany(3);
    String lastKey = key("sa-2").recordKey();
    long offset =
        LogDump.committed(kafka, Topics.CHANGES, cluster).stream()
            .filter(record -> record.key().equals(lastKey))
            .findFirst()
            .orElseThrow()
            .offset();
    new LogSurgery(kafka).forgetBefore(ClusterPartition.of(cluster), offset);

    write(AssociationChange.of(change("sa-9", 1), last.next().next(), Asked.ACTOR));

    await()
        .untilAsserted(
            () -> {
              assertThat(member.table().current(key("sa-0"))).isEmpty();
              assertThat(member.table().current(key("sa-1"))).isEmpty();
            });
    assertThat(member.table().current(key("sa-2"))).isPresent();
    assertThat(member.table().current(key("sa-9"))).isPresent();
  }

  @Test
  void passesOverAChangeThatDoesNotRead() {
    createMany(1);
    double before = member.meter(LogMeters.MALFORMED, LogMeters.TOPIC, Topics.CHANGES);

    new LogSurgery(kafka)
        .write(
            Topics.CHANGES, ClusterPartition.of(cluster), key("broken").recordKey(), "no change");
    member.decided(Asked.create(cluster, "next"));

    await().untilAsserted(() -> assertThat(member.table().current(key("next"))).isPresent());
    assertThat(member.meter(LogMeters.MALFORMED, LogMeters.TOPIC, Topics.CHANGES))
        .isEqualTo(before + 1);
    assertThat(member.table().current(key("broken"))).isEmpty();
  }

  private Position createMany(int count) {
    List<CompletableFuture<AssociationOutcome>> asked =
        IntStream.range(0, count)
            .mapToObj(i -> member.send(Asked.create(cluster, "sa-" + i)))
            .toList();
    asked.forEach(one -> assertThat(one.join().result()).isInstanceOf(Accepted.class));
    await().until(() -> member.table().position(cluster).sequence() == count);
    await().until(() -> member.table().caughtUp());
    return member.table().position(cluster);
  }

  private Association change(String serviceAccount, long revision) {
    Association model = member.table().current(key("sa-0")).orElseThrow();
    return new Association(
        "a-00000000000000009",
        cluster,
        Asked.spec(serviceAccount, "role"),
        Asked.ACTOR,
        revision,
        model.createdAt(),
        model.modifiedAt());
  }

  private void write(AssociationChange change) {
    new LogSurgery(kafka)
        .write(
            Topics.CHANGES,
            ClusterPartition.of(cluster),
            change.association().key().recordKey(),
            SchemaJson.write(change));
  }

  private AssociationKey key(String serviceAccount) {
    return new AssociationKey(cluster, Asked.NAMESPACE, serviceAccount);
  }
}
