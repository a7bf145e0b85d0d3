package io.claviger.config.bridge;

import io.claviger.schemas.SchemaJson;
import io.vertx.core.buffer.Buffer;

/** Bodies of frames and of event-bus messages: contracts as JSON text, written and read once. */
public final class Bodies {

  private Bodies() {}

  /** Returns the record's JSON text. */
  public static Buffer of(Object record) {
    return Buffer.buffer(SchemaJson.writeBytes(record));
  }

  /**
   * Reads a body.
   *
   * @throws SchemaJson.MalformedRecordException if the body is not a record of that type
   */
  public static <T> T read(Buffer body, Class<T> type) {
    return SchemaJson.read(body.getBytes(), type);
  }
}
