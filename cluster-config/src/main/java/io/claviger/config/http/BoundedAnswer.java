package io.claviger.config.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** Reads an answer's body, up to a limit. */
public final class BoundedAnswer {

  private BoundedAnswer() {}

  /**
   * The body; fails when it is longer or ends too early. Of what comes after a failure nothing is
   * kept; to stop it is up to the caller, who has the request.
   */
  public static Future<Buffer> read(HttpClientResponse response, int maxBytes) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(whole::tryFail);
    response.endHandler(end -> whole.tryComplete(body));
    response.handler(
        part -> {
          if (body.length() + part.length() > maxBytes) {
            whole.tryFail("answered more than " + maxBytes + " bytes");
          } else {
            body.appendBuffer(part);
          }
        });
    return whole.future();
  }
}
