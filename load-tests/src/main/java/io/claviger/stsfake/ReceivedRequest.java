package io.claviger.stsfake;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was received, before anything in it is believed.
 *
 * @param method the HTTP method
 * @param path the path, still percent-encoded
 * @param query what follows the question mark, still percent-encoded; empty when there is none
 * @param headers the headers; names in any case
 * @param body the body
 */
record ReceivedRequest(String method, String path, String query, MultiMap headers, Buffer body) {

  @Nullable String header(String name) {
    return headers.get(name);
  }
}
