package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationKey;
import org.junit.jupiter.api.Test;

class EdgeInterestTest {

  private static final AssociationKey CART = key("cart");
  private static final AssociationKey WEB = key("web");

  private final EdgeInterest interest = new EdgeInterest(2);

  @Test
  void isInWhatTheEdgeWasAnsweredAboutAndInNothingElse() {
    assertThat(interest.add(CART)).isTrue();

    assertThat(interest.in(CART)).isTrue();
    assertThat(interest.in(WEB)).isFalse();
    assertThat(interest.in(new AssociationKey("c1", CART.serviceAccount(), CART.namespace())))
        .isFalse();
  }

  @Test
  void saysWhenItIsTooMuch() {
    assertThat(interest.add(CART)).isTrue();
    assertThat(interest.add(WEB)).isTrue();
    assertThat(interest.add(CART)).isTrue();

    assertThat(interest.add(key("third"))).isFalse();
  }

  private static AssociationKey key(String serviceAccount) {
    return new AssociationKey("c1", "shop", serviceAccount);
  }
}
