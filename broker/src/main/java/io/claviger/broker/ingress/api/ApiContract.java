package io.claviger.broker.ingress.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;

/** The published contract: {@code openapi/eks.v1.json} of event-schemas. */
final class ApiContract {

  private static final String RESOURCE = "/openapi/eks.v1.json";

  private ApiContract() {}

  /** Reads the contract from the class path. Vert.x's own reading would unpack it into a file. */
  static Future<OpenAPIContract> load(Vertx vertx) {
    return vertx
        .executeBlocking(ApiContract::read)
        .compose(json -> OpenAPIContract.from(vertx, withoutStreams(json.toJsonObject())));
  }

  /**
   * Removes event streams: the router rejects media types that it cannot check, even of answers.
   */
  private static JsonObject withoutStreams(JsonObject contract) {
    objects(contract.getJsonObject("paths"))
        .flatMap(ApiContract::objects)
        .flatMap(operation -> objects(operation.getJsonObject("responses")))
        .map(response -> response.getJsonObject("content", new JsonObject()))
        .forEach(content -> content.remove(WatchEvents.CONTENT_TYPE));
    return contract;
  }

  private static Stream<JsonObject> objects(JsonObject parent) {
    return parent.fieldNames().stream().map(parent::getJsonObject);
  }

  private static Buffer read() {
    try (InputStream in = ApiContract.class.getResourceAsStream(RESOURCE)) {
      return Buffer.buffer(Objects.requireNonNull(in, RESOURCE).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
