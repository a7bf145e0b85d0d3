package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TableDigestTest {

  private static final Map<String, Position> POSITIONS = Map.of(Specs.CLUSTER, Specs.at(20));

  private static List<Association> inOrder(List<Integer> order) {
    return order.stream().map(i -> Specs.association("sa-" + i, 1)).toList();
  }

  private static String digest(List<Association> associations, Map<String, Position> positions) {
    return TableSnapshot.of(associations, List.of(), positions).digest();
  }

  @Test
  void doesNotDependOnTheOrder() {
    List<Integer> order = new ArrayList<>(IntStream.range(0, 20).boxed().toList());
    String digest = digest(inOrder(order), POSITIONS);

    for (int i = 0; i < 20; i++) {
      Collections.shuffle(order, new Random(i));
      assertThat(digest(inOrder(order), POSITIONS)).isEqualTo(digest);
    }
  }

  @Test
  void dependsOnEveryAssociationAndPosition() {
    List<Association> two = inOrder(List.of(0, 1));
    String digest = digest(two, POSITIONS);

    assertThat(
            List.of(
                TableSnapshot.of(two, List.of(Specs.revocation("pod:shop/cart-1")), POSITIONS)
                    .digest(),
                digest(inOrder(List.of(0)), POSITIONS),
                digest(two, Map.of()),
                digest(two, Map.of(Specs.CLUSTER, Specs.at(21)))))
        .doesNotHaveDuplicates()
        .doesNotContain(digest);
  }
}
