package io.claviger.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.event.CredentialEvent;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class EventFeedTest {

  @Test
  void aLineSaysWhatHappenedToWhomAndWhy() {
    CredentialEvent refused =
        CredentialEvent.of(
                CredentialEvent.Type.REFUSED,
                Instant.parse("2026-03-01T10:00:00Z"),
                "broker-1",
                "local")
            .of("shop", "cart")
            .pod("cart-0", "uid-1")
            .because("NO_ASSOCIATION", "no role is associated")
            .build();

    assertThat(EventFeed.line(refused))
        .isEqualTo(
            "2026-03-01T10:00:00Z credential.refused local/shop/cart pod=cart-0 by=broker-1"
                + " reason=NO_ASSOCIATION message=no role is associated");
  }
}
