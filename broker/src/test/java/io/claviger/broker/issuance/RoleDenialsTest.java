package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoleDenialsTest {

  private Instant now = Instant.EPOCH;
  private final RoleDenials denials = new RoleDenials(() -> now);

  @Test
  void asksARoleThatHasDeniedFiveTimesOnceASecond() {
    for (int denial = 0; denial < 5; denial++) {
      assertThat(denials.orAsk(request("cart", null))).isEmpty();
      deny("cart", null, "cart");
    }
    assertThat(denials.orAsk(request("cart", null))).isPresent();
    assertThat(denials.standing(request("cart", null))).isPresent();

    now = now.plusSeconds(1);
    assertThat(denials.standing(request("cart", null))).isEmpty();
    assertThat(denials.orAsk(request("cart", null))).isEmpty();
    assertThat(denials.orAsk(request("cart", null))).isPresent();
    assertThat(denials.standing(request("other", null))).isEmpty();
  }

  @Test
  void asksAgainAsOftenAsItLikesOnceTheRoleHasLetSomebodyIn() {
    for (int denial = 0; denial < 5; denial++) {
      deny("cart", null, "cart");
    }
    denials.opened(request("cart", null));

    assertThat(denials.orAsk(request("cart", null))).isEmpty();
    deny("cart", null, "cart");
    assertThat(denials.orAsk(request("cart", null))).isEmpty();
  }

  @Test
  void keepsATargetRolesDenialsFromThoseWhoDoNotWantIt() {
    for (int denial = 0; denial < 5; denial++) {
      deny("cart", "target", "target");
    }
    assertThat(denials.standing(request("cart", "target"))).isPresent();
    assertThat(denials.standing(request("cart", null))).isEmpty();
    assertThat(denials.standing(request("cart", "other"))).isEmpty();
    assertThat(denials.standing(request("shop", "target"))).isEmpty();
  }

  @Test
  void doesNotDenyServiceAccountsThatWereNotDenied() {
    RoleSessions.Request other =
        new RoleSessions.Request(
            "cart",
            null,
            null,
            null,
            Map.of(),
            Map.of("kubernetes-namespace", "shop", "kubernetes-service-account", "other"),
            "shop.other",
            Duration.ofHours(1));
    for (int denial = 0; denial < 5; denial++) {
      deny("cart", null, "cart");
    }

    assertThat(denials.standing(request("cart", null))).isPresent();
    assertThat(denials.standing(other)).isEmpty();
  }

  @Test
  void takesFiveRolesThatDenyTheBrokerAtOnceForItsOwnFault() {
    for (int role = 0; role < 4; role++) {
      deny("role-" + role, null, "role-" + role);
      deny("role-" + role, null, "role-" + role);
    }
    assertThat(denials.brokerFault()).isFalse();
    deny("role-4", null, "role-4");
    assertThat(denials.brokerFault()).isTrue();

    denials.opened(request("role-5", null));
    assertThat(denials.brokerFault()).isFalse();
  }

  @Test
  void takesNoDenialsForItThatAreFarApartOrOfTargetRoles() {
    for (int role = 0; role < 10; role++) {
      deny("role-" + role, null, "role-" + role);
      now = now.plus(Duration.ofSeconds(8));
    }
    assertThat(denials.brokerFault()).isFalse();
    for (int role = 0; role < 10; role++) {
      deny("first", "target-" + role, "target-" + role);
    }
    assertThat(denials.brokerFault()).isFalse();
  }

  private void deny(String first, @Nullable String target, String denying) {
    denials.denied(
        request(first, target),
        new RoleSessions.Result.Denied(RefusalReason.ROLE_DENIED, denying, "no"));
  }

  private static RoleSessions.Request request(String first, @Nullable String target) {
    return new RoleSessions.Request(
        first, target, null, null, Map.of(), Map.of(), "shop.cart", Duration.ofHours(1));
  }
}
