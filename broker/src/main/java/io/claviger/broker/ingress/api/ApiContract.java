package io.claviger.broker.ingress.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The published contract: {@code openapi/eks.v1.json} of event-schemas. */
final class ApiContract {

  private static final String RESOURCE = "/openapi/eks.v1.json";

  private ApiContract() {}

  /** Reads it; from the class path itself, as Vert.x would unpack it into a file first. */
  static Future<OpenAPIContract> load(Vertx vertx) {
    return vertx
        .executeBlocking(ApiContract::read)
        .compose(json -> OpenAPIContract.from(vertx, json.toJsonObject()));
  }

  private static Buffer read() {
    try (InputStream in = ApiContract.class.getResourceAsStream(RESOURCE)) {
      return Buffer.buffer(Objects.requireNonNull(in, RESOURCE).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
