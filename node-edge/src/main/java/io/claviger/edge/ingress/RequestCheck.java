package io.claviger.edge.ingress;

import io.claviger.edge.workload.ServedHosts;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a request is for credentials, by its path, method, {@code Host} and body. */
final class RequestCheck {

  private static final String PATH = "/v1/credentials";
  private static final RequestTarget PLAIN = new RequestTarget(null, PATH);

  private final ServedHosts hosts;

  RequestCheck(ServedHosts hosts) {
    this.hosts = hosts;
  }

  /** Returns what is wrong with the request; nothing if its token may be checked. */
  @Nullable Problem wrong(HttpServerRequest request) {
    List<String> named = request.headers().getAll(HttpHeaders.HOST);
    if (named.size() != 1 && !(named.isEmpty() && request.version() == HttpVersion.HTTP_1_0)) {
      return Problem.NOT_ONE_HOST;
    }
    // Most requests have the path only: these are not parsed.
    boolean plain = PATH.equals(request.uri());
    RequestTarget target = plain ? PLAIN : RequestTarget.of(request.uri());
    if (!PATH.equals(target.path())) {
      return Problem.NOT_FOUND;
    }
    if (!request.method().equals(HttpMethod.GET)) {
      return Problem.WRONG_METHOD;
    }
    if (named.isEmpty() || !hosts.serves(named.getFirst()) || !isServed(target.authority())) {
      return Problem.WRONG_HOST;
    }
    return hasBody(request) ? Problem.HAS_BODY : null;
  }

  /** The authority of an absolute-form replaces the {@code Host}: both must be served hosts. */
  private boolean isServed(@Nullable String authority) {
    return authority == null || hosts.serves(authority);
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return (length != null && !length.equals("0"))
        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }
}
