package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationIndex.Cursor;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.Unsealed;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on, sealed with the brokers' common keys: nobody but a broker can make or read
 * one, every broker can, and only for the list it was made for.
 */
final class PageTokens {

  /** The name under which tokens are sealed; shared with nothing else. */
  static final String NAME = "claviger.page-tokens";

  /** How much a page holds, unless less is asked for. */
  static final int MAX_RESULTS = 100;

  static final Duration LIFE = Duration.ofHours(1);

  private final Sealer sealer;
  private final InstantSource clock;

  /**
   * Tokens.
   *
   * @param sealer of the name {@value #NAME}
   */
  PageTokens(Sealer sealer, InstantSource clock) {
    this.sealer = sealer;
    this.clock = clock;
  }

  /** Whose list of what it is. */
  record Listing(
      String principal,
      String cluster,
      @Nullable String namespace,
      @Nullable String serviceAccount) {

    /** The list of clusters: none has an empty name. A cursor has one's name as its namespace. */
    static Listing ofClusters(String principal) {
      return new Listing(principal, "", null, null);
    }

    private String text() {
      return JsonArray.of(principal, cluster, namespace, serviceAccount).encode();
    }
  }

  /** A token for what comes after a cursor. */
  String after(Listing listing, Cursor cursor) {
    byte[] plain =
        JsonArray.of(cursor.namespace(), cursor.serviceAccount())
            .encode()
            .getBytes(StandardCharsets.UTF_8);
    byte[] sealed = sealer.seal(listing.text(), plain, clock.instant().plus(LIFE));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  /** Where a page begins: at the start when there is no token, else as {@link #open}. */
  Optional<Cursor> from(Listing listing, @Nullable String token) {
    return token == null ? Optional.of(Cursor.START) : open(listing, token);
  }

  /** The cursor of a token; nothing when it has ended, was altered, or is another list's. */
  Optional<Cursor> open(Listing listing, String token) {
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return sealer.unseal(listing.text(), sealed, clock.instant())
            instanceof Unsealed.Opened(byte[] plain)
        ? Optional.of(cursor(new JsonArray(new String(plain, StandardCharsets.UTF_8))))
        : Optional.empty();
  }

  private static Cursor cursor(JsonArray parts) {
    return new Cursor(parts.getString(0), parts.getString(1));
  }
}
