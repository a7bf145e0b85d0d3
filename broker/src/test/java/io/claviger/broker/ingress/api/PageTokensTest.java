package io.claviger.broker.ingress.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationIndex.Cursor;
import io.claviger.broker.ingress.api.PageTokens.Listing;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PageTokensTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Listing LISTING = new Listing("key/tester", "c1", "shop", null);
  private static final Cursor CURSOR = new Cursor("shop", "cart");

  private @TempDir Path keys;

  @BeforeEach
  void writeKeys() throws IOException {
    Files.writeString(keys.resolve("one.key"), Base64.getEncoder().encodeToString(new byte[32]));
    Files.writeString(keys.resolve("active"), "one");
  }

  private PageTokens at(Instant now) {
    Sealer sealer = new Sealer(PageTokens.NAME, SealingKeys.open(keys), new SecureRandom());
    return new PageTokens(sealer, InstantSource.fixed(now));
  }

  @Test
  void openAtEveryBrokerWithTheSameKeysForAnHour() {
    String token = at(NOW).after(LISTING, CURSOR);

    assertThat(token).matches("[A-Za-z0-9_-]+");
    assertThat(at(NOW).open(LISTING, token)).contains(CURSOR);
    assertThat(at(NOW.plusSeconds(3_599)).open(LISTING, token)).contains(CURSOR);
    assertThat(at(NOW.plusSeconds(3_600)).open(LISTING, token)).isEmpty();
  }

  static Stream<Listing> others() {
    return Stream.of(
        new Listing("key/other", "c1", "shop", null),
        new Listing("key/tester", "c2", "shop", null),
        new Listing("key/tester", "c1", "bank", null),
        new Listing("key/tester", "c1", null, null),
        new Listing("key/tester", "c1", "shop", "cart"),
        new Listing("key/tester", "c1", null, "shop"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void openForNoOtherList(Listing other) {
    String token = at(NOW).after(LISTING, CURSOR);

    assertThat(at(NOW).open(other, token)).isEmpty();
  }

  @Test
  void openNotWhenAnythingInThemWasChanged() {
    byte[] sealed = Base64.getUrlDecoder().decode(at(NOW).after(LISTING, CURSOR));
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      String token = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);

      assertThat(at(NOW).open(LISTING, token)).as("byte " + i).isEmpty();
    }
    assertThat(at(NOW).open(LISTING, "no token")).isEmpty();
    assertThat(at(NOW).open(LISTING, "")).isEmpty();
  }
}
