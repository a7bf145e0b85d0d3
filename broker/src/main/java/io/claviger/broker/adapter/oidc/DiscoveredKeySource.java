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
 * The JWK set that an issuer's own document names (OpenID Connect Discovery 1.0, section 4). The
 * document is read for each fetch: an issuer may move its keys.
 */
public final class DiscoveredKeySource implements KeySource {

  private static final String DOCUMENT = "/.well-known/openid-configuration";

  private final BoundedGet get;
  private final String issuer;
  private final KeyServer document;

  /**
   * The keys of an issuer.
   *
   * @param issuer the {@code iss} of its tokens, https; the document has to name it, to the letter
   * @param server where it is: authorities and token are those of the issuer's host; the token is
   *     presented to no other one
   */
  public DiscoveredKeySource(Vertx vertx, String issuer, KeyServer server) {
    this(vertx, issuer, server, HttpKeySource.DEADLINE);
  }

  DiscoveredKeySource(Vertx vertx, String issuer, KeyServer server, Duration deadline) {
    this.get = new BoundedGet(vertx, deadline, HttpKeySource.MAX_BYTES);
    this.issuer = issuer;
    this.document = server.at(documentOf(issuer));
  }

  /** Where the document of an issuer is. */
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
      return failure("is no discovery document");
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
