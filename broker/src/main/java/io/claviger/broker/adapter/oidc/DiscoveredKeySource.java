package io.claviger.broker.adapter.oidc;

import io.claviger.broker.identity.KeySource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The JWK set that an issuer's own document names (OpenID Connect Discovery 1.0, section 4). Each
 * fetch reads the document again, because an issuer may move its keys.
 */
public final class DiscoveredKeySource implements KeySource {

  private static final String DOCUMENT = "/.well-known/openid-configuration";

  private final BoundedGet get;
  private final String issuer;
  private final KeyServer document;

  /**
   * Fetches the keys of an issuer.
   *
   * @param issuer the {@code iss} of its tokens, https; must equal the one in the document exactly
   * @param server with the authorities and the token for the issuer's host; the token is sent to no
   *     other host
   */
  public DiscoveredKeySource(Vertx vertx, String issuer, KeyServer server) {
    this(vertx, issuer, server, HttpKeySource.DEADLINE);
  }

  DiscoveredKeySource(Vertx vertx, String issuer, KeyServer server, Duration deadline) {
    this.get = new BoundedGet(vertx, deadline, HttpKeySource.MAX_BYTES);
    this.issuer = issuer;
    this.document = server.at(documentOf(issuer));
  }

  /** Returns the URL of an issuer's document. */
  private static URI documentOf(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return URI.create(base + DOCUMENT);
  }

  @Override
  public CompletionStage<String> fetch() {
    return get.text(document)
        .compose(this::keysNamedBy)
        .compose(keys -> get.text(document.at(keys)))
        .toCompletionStage();
  }

  private Future<URI> keysNamedBy(String text) {
    try {
      JsonObject said = new JsonObject(text);
      if (!issuer.equals(said.getString("issuer"))) {
        return failure(
            "names the issuer '%s', which is not the registered '%s'"
                .formatted(said.getString("issuer"), issuer));
      }
      URI keys = https(said.getString("jwks_uri"));
      return keys == null ? failure("names no https jwks_uri") : Future.succeededFuture(keys);
    } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
      return failure("is not a discovery document");
    }
  }

  private static @Nullable URI https(@Nullable String url) {
    URI keys = url == null ? null : URI.create(url);
    return keys != null && "https".equals(keys.getScheme()) && keys.getHost() != null ? keys : null;
  }

  private Future<URI> failure(String what) {
    return Future.failedFuture(document.url() + ": " + what);
  }
}
