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
 * The position of a list's next page, sealed with the brokers' common keys. Only brokers can create
 * or read a token. Any broker can read it, but only for the same list.
 */
final class PageTokens {

  /** The sealing name of page tokens, with no other use. */
  static final String NAME = "claviger.page-tokens";

  /** The default and maximum size of a page. */
  static final int MAX_RESULTS = 100;

  static final Duration LIFE = Duration.ofHours(1);

  private final Sealer sealer;
  private final InstantSource clock;

  /**
   * Creates page tokens.
   *
   * @param sealer the sealer of the name {@value #NAME}
   */
  PageTokens(Sealer sealer, InstantSource clock) {
    this.sealer = sealer;
    this.clock = clock;
  }

  /** The principal and the filter of a list. */
  record Listing(
      String principal,
      String cluster,
      @Nullable String namespace,
      @Nullable String serviceAccount) {

    /** The list of clusters, as an empty cluster name. A cursor's namespace is a cluster's name. */
    static Listing ofClusters(String principal) {
      return new Listing(principal, "", null, null);
    }

    private String text() {
      return JsonArray.of(principal, cluster, namespace, serviceAccount).encode();
    }
  }

  /** Returns a token for the page after a cursor. */
  String after(Listing listing, Cursor cursor) {
    byte[] plain =
        JsonArray.of(cursor.namespace(), cursor.serviceAccount())
            .encode()
            .getBytes(StandardCharsets.UTF_8);
    byte[] sealed = sealer.seal(listing.text(), plain, clock.instant().plus(LIFE));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  /** Returns the start of a page: the first without a token, otherwise as {@link #open}. */
  Optional<Cursor> from(Listing listing, @Nullable String token) {
    return token == null ? Optional.of(Cursor.START) : open(listing, token);
  }

  /** Returns the cursor of a token; empty if it has expired, was altered, or is of another list. */
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
