package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.CLUSTER;
import static io.claviger.broker.association.Specs.association;
import static io.claviger.broker.association.Specs.changed;
import static io.claviger.broker.association.Specs.removed;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationIndex.Cursor;
import org.junit.jupiter.api.Test;

final class AssociationIndexTest {

  private final AssociationTable table = new AssociationTable(1);
  private final AssociationIndex index = table.index();

  @Test
  void findsAnAssociationByItsIdInItsClusterOnly() {
    table.apply(0, changed("cart", 1, 1));

    assertThat(index.find(CLUSTER, "a-cart")).contains(association("cart", 1));
    assertThat(index.find("other", "a-cart")).isEmpty();
    assertThat(index.find(CLUSTER, "a-orders")).isEmpty();
  }

  @Test
  void knowsTheNewestRevisionAndForgetsWhatIsGone() {
    table.apply(0, changed("cart", 1, 1));
    table.apply(0, changed("cart", 2, 2));
    assertThat(index.find(CLUSTER, "a-cart")).contains(association("cart", 2));
    assertThat(index.after(CLUSTER, Cursor.START)).containsExactly(association("cart", 2));

    table.apply(0, removed("cart", 3));

    assertThat(index.find(CLUSTER, "a-cart")).isEmpty();
    assertThat(index.after(CLUSTER, Cursor.START)).isEmpty();
  }

  @Test
  void goesOnBehindAPlaceInOrder() {
    table.apply(0, changed("orders", 1, 1));
    table.apply(0, changed("cart", 1, 2));
    table.apply(0, changed("stock", 1, 3));

    assertThat(index.after(CLUSTER, Cursor.START))
        .extracting(each -> each.spec().serviceAccount())
        .containsExactly("cart", "orders", "stock");
    assertThat(index.after(CLUSTER, new Cursor("shop", "cart")))
        .extracting(each -> each.spec().serviceAccount())
        .containsExactly("orders", "stock");
    assertThat(index.after(CLUSTER, new Cursor("shop", "d"))).hasSize(2);
    assertThat(index.after("other", Cursor.START)).isEmpty();
  }
}
