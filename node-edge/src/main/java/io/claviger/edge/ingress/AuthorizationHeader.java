package io.claviger.edge.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The token as SDKs send it: the file's content as it is; {@code Bearer} before it is tolerated.
 */
final class AuthorizationHeader {

  private static final String BEARER = "Bearer ";

  private AuthorizationHeader() {}

  static @Nullable String token(HttpServerRequest request) {
    String value = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (value == null) {
      return null;
    }
    String token =
        value.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? value.substring(BEARER.length()).strip()
            : value.strip();
    return token.isEmpty() ? null : token;
  }
}
