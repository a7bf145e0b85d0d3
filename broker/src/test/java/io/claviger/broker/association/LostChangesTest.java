package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.CLUSTER;
import static io.claviger.broker.association.Specs.NOW;
import static io.claviger.broker.association.Specs.changed;
import static io.claviger.broker.association.Specs.head;
import static io.claviger.broker.association.Specs.removed;
import static io.claviger.broker.association.Specs.revoked;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.Position;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LostChangesTest {

  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final List<LogEntry> ALL =
      List.of(
          changed("cart", 1, 1),
          changed("orders", 1, 2),
          revoked("node:n1", 3),
          changed("cart", 2, 4),
          removed("orders", 5),
          changed("bills", 1, 6),
          head(6));

  @Test
  void areNoneWhereTheLogHasAllThatTheTableHas() {
    assertThat(lost(table(ALL), log(ALL))).isEmpty();
    assertThat(lost(table(ALL.subList(0, 4)), log(ALL))).isEmpty();
  }

  @Test
  void areNoneOfAnotherPartition() {
    assertThat(LostChanges.of(List.of(table(ALL).snapshot()), log(List.of()), name -> false, CLOCK))
        .isEmpty();
  }

  @Test
  void areWhatAnEmptyLogHasLost() {
    AssociationTable table = table(ALL);

    List<LogEntry> lost = lost(table, log(List.of()));

    assertLogSays(table, List.of(), lost);
    assertThat(lost).hasSize(4);
  }

  @Test
  void areWhatABackupDoesNotHaveAndWhatItHasStill() {
    AssociationTable table = table(ALL);
    List<LogEntry> backup = ALL.subList(0, 2);

    List<LogEntry> lost = lost(table, log(backup));

    assertLogSays(table, backup, lost);
    assertThat(lost).hasAtLeastOneElementOfType(LogEntry.Removed.class);
  }

  @Test
  void liftWhatABackupSaysIsRevokedStill() {
    AssociationTable table =
        table(List.of(revoked("node:n1", 1), changed("cart", 1, 2), Specs.restored("node:n1", 3)));
    List<LogEntry> backup = List.of(revoked("node:n1", 1));

    assertLogSays(table, backup, lost(table, log(backup)));
  }

  @Test
  void areOfTheTableThatKnowsMost() {
    AssociationTable furthest = table(ALL);
    List<TableSnapshot> tables =
        List.of(
            table(ALL.subList(0, 2)).snapshot(),
            furthest.snapshot(),
            table(ALL.subList(0, 4)).snapshot());

    assertLogSays(furthest, List.of(), lost(tables, log(List.of())));
  }

  @Test
  void standBehindEverythingThatAnyTableHasApplied() {
    List<LogEntry> lost = lost(table(ALL), log(List.of()));

    assertThat(lost.getFirst().position()).isEqualTo(new Position(NOW.getEpochSecond(), 1));
    long ahead = NOW.getEpochSecond() + 60;
    LogEntry later =
        new LogEntry.Changed(
            AssociationChange.of(
                Specs.association("cart", 1), new Position(ahead, 1), Specs.TESTER));
    assertThat(lost(table(List.of(later)), log(List.of())).getFirst().position())
        .isEqualTo(new Position(ahead + 1, 1));
  }

  private static List<LogEntry> lost(AssociationTable table, LogState log) {
    return lost(List.of(table.snapshot()), log);
  }

  private static List<LogEntry> lost(List<TableSnapshot> tables, LogState log) {
    return LostChanges.of(tables, log, CLUSTER::equals, CLOCK);
  }

  /** Reads the log as a new table and the next writer do. */
  private static void assertLogSays(
      AssociationTable expected, List<LogEntry> before, List<LogEntry> written) {
    AssociationTable reader = table(before);
    written.forEach(entry -> reader.apply(0, entry));
    assertThat(reader.snapshot().associations()).isEqualTo(expected.snapshot().associations());
    assertThat(reader.snapshot().revocations()).isEqualTo(expected.snapshot().revocations());
    LogState writer = log(before);
    written.forEach(writer::apply);
    assertThat(writer.head(CLUSTER)).isEqualTo(reader.position(CLUSTER));
    assertThat(lost(reader, writer)).isEmpty();
  }

  private static AssociationTable table(List<LogEntry> entries) {
    AssociationTable table = new AssociationTable(1);
    entries.forEach(entry -> table.apply(0, entry));
    table.reachedEnd(0);
    return table;
  }

  private static LogState log(List<LogEntry> entries) {
    LogState log = new LogState();
    entries.forEach(log::apply);
    return log;
  }
}
