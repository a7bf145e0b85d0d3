package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.CLUSTER;
import static io.claviger.broker.association.Specs.at;
import static io.claviger.broker.association.Specs.changed;
import static io.claviger.broker.association.Specs.removed;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationWatch.Scope;
import io.claviger.broker.association.AssociationWatches.Start;
import io.claviger.broker.association.ChangeHistory.Read;
import io.claviger.broker.association.ReadBarrier.Reach;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AssociationWatchesTest {

  private static final Scope ALL = new Scope(CLUSTER, null, null);
  private static final int CHANGES = 20_000;

  private final AssociationTable table = new AssociationTable(1);
  private final ChangeHistory history = new ChangeHistory(CHANGES);
  private Reach reach = Reach.REACHED;
  private final AssociationWatches watches =
      new AssociationWatches(
          table, history, (cluster, timeout) -> CompletableFuture.completedFuture(reach));

  AssociationWatchesTest() {
    table.listen(history);
  }

  private Start begin(Scope scope, @Nullable Position seen) {
    return watches.begin(scope, Optional.ofNullable(seen)).toCompletableFuture().join();
  }

  private AssociationWatch begun(Scope scope, @Nullable Position seen) {
    return ((Start.Begun) begin(scope, seen)).watch();
  }

  private static List<ObservedChange> next(AssociationWatch watch) {
    return ((Read.Changes) watch.next()).changes();
  }

  private static List<String> names(List<Association> associations) {
    return associations.stream().map(each -> each.spec().serviceAccount()).toList();
  }

  @Test
  void beginWithWhatThereIsAndGoOnWithWhatChanges() {
    table.apply(0, changed("cart", 1, 1));
    AssociationWatch watch = begun(ALL, null);
    table.apply(0, changed("orders", 1, 2));

    assertThat(names(watch.first())).containsExactly("cart");
    assertThat(next(watch)).extracting(ObservedChange::position).containsExactly(at(2));
    assertThat(next(watch)).isEmpty();
    assertThat(watch.position()).isEqualTo(at(2));
  }

  @Test
  void showOnlyWhatTheFiltersLetThroughAndMoveOnOverTheRest() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, changed("orders", 1, 2));
    AssociationWatch cart = begun(new Scope(CLUSTER, "shop", "cart"), null);
    AssociationWatch bank = begun(new Scope(CLUSTER, "bank", null), null);
    table.apply(0, changed("cart", 2, 3));
    table.apply(0, changed("orders", 2, 4));

    assertThat(names(cart.first())).containsExactly("cart");
    assertThat(next(cart)).extracting(ObservedChange::position).containsExactly(at(3));
    assertThat(bank.first()).isEmpty();
    assertThat(next(bank)).isEmpty();
    assertThat(bank.position()).isEqualTo(at(4));
  }

  @Test
  void goOnFromWhereSomebodyWas() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, changed("orders", 1, 2));
    AssociationWatch watch = begun(ALL, at(1));

    assertThat(watch.first()).isEmpty();
    assertThat(next(watch)).extracting(ObservedChange::position).containsExactly(at(2));
  }

  @Test
  void expireWhereTheHistoryOrTheWholeLogDoesNotReach() {
    table.apply(0, changed("cart", 1, 5));

    assertThat(begin(ALL, at(4))).isInstanceOf(Start.Expired.class);
    assertThat(begin(ALL, new Position(6, 9))).isInstanceOf(Start.Expired.class);
    assertThat(begin(ALL, at(6))).isInstanceOf(Start.Expired.class);
    assertThat(begin(ALL, new Position(8, 1))).isInstanceOf(Start.Expired.class);
  }

  @Test
  void expireForPositionsOfAnEarlierEpoch() {
    table.apply(0, changed("cart", 1, 1));

    assertThat(begin(ALL, new Position(6, 9))).isInstanceOf(Start.Expired.class);
    assertThat(next(begun(ALL, Position.NONE))).hasSize(1);
  }

  @Test
  void areBehindWhereOthersMayHaveSeenMore() {
    table.apply(0, changed("cart", 1, 1));
    reach = Reach.LATE;
    assertThat(begin(ALL, null)).isInstanceOf(Start.Behind.class);
    assertThat(begin(ALL, at(2))).isInstanceOf(Start.Behind.class);

    reach = Reach.AWAY;
    assertThat(begin(ALL, null)).isInstanceOf(Start.Behind.class);
    table.reachedEnd(0);
    assertThat(begin(ALL, null)).isInstanceOf(Start.Begun.class);
    assertThat(begin(ALL, at(2))).isInstanceOf(Start.Behind.class);
  }

  @Test
  void leaveNoHoleAndNoRepetitionBetweenWhatThereIsAndWhatChanges() {
    CompletableFuture<Void> writing = CompletableFuture.runAsync(this::write);
    List<AssociationWatch> begun = new ArrayList<>();
    while (!writing.isDone() || begun.isEmpty()) {
      AssociationWatch watch = begun(ALL, null);
      if (begun.size() < 500) {
        begun.add(watch);
      }
    }
    writing.join();

    for (AssociationWatch watch : begun) {
      Position from = watch.position();
      Map<String, Long> seen = new TreeMap<>();
      watch.first().forEach(each -> seen.put(each.spec().serviceAccount(), each.revision()));
      List<ObservedChange> changes = next(watch);
      assertThat(changes).hasSize((int) (CHANGES - from.sequence()));
      changes.forEach(change -> replay(seen, change));
      assertThat(seen.keySet()).containsExactlyElementsOf(names(table.inCluster(CLUSTER)));
    }
  }

  private void write() {
    for (int i = 1; i <= CHANGES; i++) {
      String name = "sa-" + i % 7;
      boolean there = table.current(Specs.key(name)).isPresent();
      table.apply(0, there && i % 3 == 0 ? removed(name, i) : changed(name, i, i));
    }
  }

  /** Each change must match the state before it. */
  private static void replay(Map<String, Long> seen, ObservedChange change) {
    String name = change.association().spec().serviceAccount();
    Long before = seen.get(name);
    switch (change.kind()) {
      case ADDED -> assertThat(before).isNull();
      case MODIFIED -> assertThat(before).isLessThan(change.association().revision());
      case DELETED -> assertThat(before).isEqualTo(change.association().revision());
    }
    if (change.kind() == ObservedChange.Kind.DELETED) {
      seen.remove(name);
    } else {
      seen.put(name, change.association().revision());
    }
  }
}
