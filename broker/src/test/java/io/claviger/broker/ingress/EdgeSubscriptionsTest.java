package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationKey;
import org.junit.jupiter.api.Test;

class EdgeSubscriptionsTest {

  private static final AssociationKey CART = key("cart");
  private static final AssociationKey WEB = key("web");

  private final EdgeSubscriptions subscriptions = new EdgeSubscriptions(2);

  @Test
  void isInWhatTheEdgeWasAnsweredAboutAndInNothingElse() {
    assertThat(subscriptions.add(CART)).isTrue();

    assertThat(subscriptions.in(CART)).isTrue();
    assertThat(subscriptions.in(WEB)).isFalse();
    assertThat(subscriptions.in(new AssociationKey("c1", CART.serviceAccount(), CART.namespace())))
        .isFalse();
  }

  @Test
  void saysWhenItIsTooMuch() {
    assertThat(subscriptions.add(CART)).isTrue();
    assertThat(subscriptions.add(WEB)).isTrue();
    assertThat(subscriptions.add(CART)).isTrue();

    assertThat(subscriptions.add(key("third"))).isFalse();
  }

  private static AssociationKey key(String serviceAccount) {
    return new AssociationKey("c1", "shop", serviceAccount);
  }
}
