package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationKey;
import org.junit.jupiter.api.Test;

class EdgeInterestTest {

  private static final AssociationKey CART = key("cart");
  private static final AssociationKey WEB = key("web");

  private final EdgeInterest interest = new EdgeInterest(2);

  @Test
  void isInEverythingUntilTheEdgeTellsWhatItHolds() {
    interest.add(CART);

    assertThat(interest.in(WEB)).isTrue();
    interest.told();
    assertThat(interest.in(WEB)).isFalse();
    assertThat(interest.in(CART)).isTrue();
  }

  @Test
  void isInEverythingAgainWhenItIsTooMuch() {
    interest.told();
    interest.add(CART);
    interest.add(WEB);
    assertThat(interest.in(key("other"))).isFalse();

    interest.add(key("third"));

    assertThat(interest.in(key("other"))).isTrue();
    assertThat(interest.size()).isZero();
  }

  private static AssociationKey key(String serviceAccount) {
    return new AssociationKey("c1", "shop", serviceAccount);
  }
}
