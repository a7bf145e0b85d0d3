package io.claviger.edge.ingress;

import org.jspecify.annotations.Nullable;

/**
 * The target of a request line: origin-form or absolute-form (RFC 9112, section 3.2), without its
 * query. It is neither decoded nor normalised.
 *
 * @param authority of an absolute-form, which counts as a second {@code Host}; absent otherwise
 * @param path after the authority; empty if the target has another form
 */
record RequestTarget(@Nullable String authority, String path) {

  private static final String SCHEME = "http://";

  static RequestTarget of(String uri) {
    if (uri.startsWith("/")) {
      return new RequestTarget(null, withoutQuery(uri));
    }
    if (!uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new RequestTarget(null, "");
    }
    int slash = uri.indexOf('/', SCHEME.length());
    int end = slash < 0 ? uri.length() : slash;
    return new RequestTarget(uri.substring(SCHEME.length(), end), withoutQuery(uri.substring(end)));
  }

  private static String withoutQuery(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }
}
