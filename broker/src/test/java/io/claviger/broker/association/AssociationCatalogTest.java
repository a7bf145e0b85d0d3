package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.CLUSTER;
import static io.claviger.broker.association.Specs.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationCatalog.Query;
import io.claviger.broker.association.AssociationIndex.Place;
import io.claviger.broker.association.LogEnd.Reach;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AssociationCatalogTest {

  private final AssociationTable table = new AssociationTable(1);

  private AssociationCatalog catalog(Reach reach) {
    return new AssociationCatalog(
        table, (cluster, patience) -> CompletableFuture.completedFuture(reach));
  }

  private boolean settled(Reach reach) {
    return catalog(reach).settled(CLUSTER).toCompletableFuture().join();
  }

  @Test
  void isSettledOnceTheTableIsAsNewAsTheLog() {
    assertThat(settled(Reach.REACHED)).isTrue();
    assertThat(settled(Reach.LATE)).isFalse();
  }

  @Test
  void answersFromACompleteTableWhileTheLogIsAway() {
    assertThat(settled(Reach.AWAY)).isFalse();
    table.reachedEnd(0);
    assertThat(settled(Reach.AWAY)).isTrue();
  }

  @Test
  void isNotSettledWhenTheLogsEndCannotBeAskedFor() {
    AssociationCatalog failing =
        new AssociationCatalog(
            table,
            (cluster, patience) -> CompletableFuture.failedFuture(new IllegalStateException("no")));

    assertThat(failing.settled(CLUSTER).toCompletableFuture().join()).isFalse();
  }

  @Test
  void pagesThroughWhatIsAskedForAndMayBeSeen() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, changed("orders", 1, 2));

    assertThat(page(null, null, Place.START, true)).isEqualTo(2);
    assertThat(page("shop", "orders", Place.START, true)).isEqualTo(1);
    assertThat(page("bank", null, Place.START, true)).isZero();
    assertThat(page("shops", null, Place.START, true)).isZero();
    assertThat(page("shop", null, new Place("shop", "cart"), true)).isEqualTo(1);
    assertThat(page(null, null, Place.START, false)).isZero();
  }

  private int page(
      @Nullable String namespace, @Nullable String name, Place after, boolean visible) {
    return catalog(Reach.REACHED)
        .page(CLUSTER, new Query(namespace, name, after, any -> visible, 10))
        .size();
  }
}
