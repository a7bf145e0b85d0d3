package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.association;
import static io.claviger.broker.association.Specs.at;
import static io.claviger.broker.association.Specs.changed;
import static io.claviger.broker.association.Specs.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.Associations.Lookup;
import io.claviger.broker.association.ReadBarrier.Reach;
import io.claviger.schemas.association.Position;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ConsistentAssociationsTest {

  private final AssociationTable table = new AssociationTable(1);
  private int asked;
  private CompletableFuture<Reach> reach = new CompletableFuture<>();
  private final ConsistentAssociations associations =
      new ConsistentAssociations(
          table,
          (cluster, timeout) -> {
            asked++;
            return reach;
          },
          new TableAge(Optional.empty(), () -> Duration.ZERO));

  @BeforeEach
  void holdOneAssociation() {
    table.apply(0, changed("cart", 1, 5));
  }

  private CompletableFuture<Lookup> find(String serviceAccount, Position atLeast) {
    return associations.find(key(serviceAccount), atLeast).toCompletableFuture();
  }

  @Test
  void answerAtOnceAndAskNobodyWhenThereIsOne() {
    table.reachedEnd(0);

    assertThat(find("cart", at(5)))
        .isCompletedWithValue(new Lookup.Found(association("cart", 1), at(5)));
    assertThat(asked).isZero();
  }

  @Test
  void waitForTheLogsEndBeforeTheySayThatThereIsNone() {
    table.reachedEnd(0);
    CompletableFuture<Lookup> none = find("none", Position.NONE);
    CompletableFuture<Lookup> late = find("late", Position.NONE);
    assertThat(none).isNotDone();

    table.apply(0, changed("late", 1, 6));
    reach.complete(Reach.REACHED);

    assertThat(none).isCompletedWithValue(new Lookup.Absent(at(6)));
    assertThat(late).isCompletedWithValue(new Lookup.Found(association("late", 1), at(6)));
  }

  @Test
  void catchUpWithWhatTheRequesterHasSeen() {
    table.reachedEnd(0);
    CompletableFuture<Lookup> lookup = find("cart", at(6));
    assertThat(lookup).isNotDone();

    table.apply(0, changed("cart", 2, 6));
    reach.complete(Reach.REACHED);

    assertThat(lookup).isCompletedWithValue(new Lookup.Found(association("cart", 2), at(6)));
  }

  @ParameterizedTest
  @EnumSource(Reach.class)
  void sayThatTheyAreBehindWhatTheRequesterHasSeen(Reach how) {
    table.reachedEnd(0);
    reach.complete(how);

    assertThat(find("cart", at(9))).isCompletedWithValue(new Lookup.Behind(at(5)));
    assertThat(find("none", at(9))).isCompletedWithValue(new Lookup.Behind(at(5)));
  }

  @Test
  void sayNothingNegativeWhenTheEndWasNotReachedInTime() {
    table.reachedEnd(0);
    reach.complete(Reach.LATE);

    assertThat(find("none", Position.NONE)).isCompletedWithValue(new Lookup.Behind(at(5)));
  }

  @Test
  void takeAFailureOfTheBarrierForLateness() {
    table.reachedEnd(0);
    reach.completeExceptionally(new IllegalStateException("bug"));

    assertThat(find("none", Position.NONE)).isCompletedWithValue(new Lookup.Behind(at(5)));
  }

  @Test
  void answerFromTheTableWhileTheLogIsAway() {
    table.reachedEnd(0);
    reach.complete(Reach.AWAY);

    assertThat(find("none", Position.NONE)).isCompletedWithValue(new Lookup.Absent(at(5)));
  }

  @Test
  void sayNothingWhileTheTableIsTooOldAndNothingElseThan() {
    table.reachedEnd(0);
    AtomicReference<Duration> age = new AtomicReference<>(Duration.ofSeconds(11));
    ConsistentAssociations bounded =
        new ConsistentAssociations(
            table,
            (cluster, timeout) -> reach,
            new TableAge(Optional.of(Duration.ofSeconds(10)), age::get));

    assertThat(bounded.find(key("cart"), at(5)).toCompletableFuture())
        .isCompletedWithValue(new Lookup.Behind(at(5)));
    assertThat(bounded.reach(key("cart").cluster(), at(5)).toCompletableFuture())
        .isCompletedWithValue(false);

    age.set(Duration.ofSeconds(10));
    assertThat(bounded.find(key("cart"), at(5)).toCompletableFuture())
        .isCompletedWithValue(new Lookup.Found(association("cart", 1), at(5)));
    assertThat(bounded.reach(key("cart").cluster(), at(5)).toCompletableFuture())
        .isCompletedWithValue(true);
  }

  @Test
  void sayNothingWhileTheTableHasNotCaughtUpAndTheLogIsAway() {
    reach.complete(Reach.AWAY);

    assertThat(find("none", Position.NONE)).isCompletedWithValue(new Lookup.Behind(at(5)));
    assertThat(find("cart", Position.NONE)).isCompletedWithValue(new Lookup.Behind(at(5)));
    assertThat(asked).isEqualTo(2);
  }
}
