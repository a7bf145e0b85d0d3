package io.claviger.broker.ingress;

import io.claviger.schemas.SchemaJson;
import io.vertx.core.json.JsonObject;

/** Contracts as bodies of frames and of event-bus messages. */
final class Bodies {

  private Bodies() {}

  static JsonObject of(Object record) {
    return new JsonObject(SchemaJson.write(record));
  }

  /**
   * Reads a body.
   *
   * @throws SchemaJson.MalformedRecordException when it is none of that type
   */
  static <T> T read(JsonObject body, Class<T> type) {
    return SchemaJson.read(body.encode(), type);
  }
}
