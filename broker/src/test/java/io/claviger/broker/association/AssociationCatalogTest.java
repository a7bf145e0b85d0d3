package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.CLUSTER;
import static io.claviger.broker.association.Specs.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationCatalog.Query;
import io.claviger.broker.association.AssociationIndex.Cursor;
import io.claviger.broker.association.ReadBarrier.Reach;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AssociationCatalogTest {

  private final AssociationTable table = new AssociationTable(1);

  private AssociationCatalog catalog(Reach reach) {
    return new AssociationCatalog(
        table, (cluster, timeout) -> CompletableFuture.completedFuture(reach));
  }

  private boolean caughtUp(Reach reach) {
    return catalog(reach).caughtUp(CLUSTER).toCompletableFuture().join();
  }

  @Test
  void isCaughtUpOnceTheTableIsAsNewAsTheLog() {
    assertThat(caughtUp(Reach.REACHED)).isTrue();
    assertThat(caughtUp(Reach.LATE)).isFalse();
  }

  @Test
  void answersFromACompleteTableWhileTheLogIsAway() {
    assertThat(caughtUp(Reach.AWAY)).isFalse();
    table.reachedEnd(0);
    assertThat(caughtUp(Reach.AWAY)).isTrue();
  }

  @Test
  void isNotCaughtUpWhenTheLogsEndCannotBeAskedFor() {
    AssociationCatalog failing =
        new AssociationCatalog(
            table,
            (cluster, timeout) -> CompletableFuture.failedFuture(new IllegalStateException("no")));

    assertThat(failing.caughtUp(CLUSTER).toCompletableFuture().join()).isFalse();
  }

  @Test
  void pagesThroughWhatIsAskedForAndMayBeSeen() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, changed("orders", 1, 2));

    assertThat(page(null, null, Cursor.START, true)).isEqualTo(2);
    assertThat(page("shop", "orders", Cursor.START, true)).isEqualTo(1);
    assertThat(page("bank", null, Cursor.START, true)).isZero();
    assertThat(page("shops", null, Cursor.START, true)).isZero();
    assertThat(page("shop", null, new Cursor("shop", "cart"), true)).isEqualTo(1);
    assertThat(page(null, null, Cursor.START, false)).isZero();
  }

  private int page(
      @Nullable String namespace, @Nullable String name, Cursor after, boolean visible) {
    return catalog(Reach.REACHED)
        .page(CLUSTER, new Query(namespace, name, after, any -> visible, 10))
        .size();
  }
}
