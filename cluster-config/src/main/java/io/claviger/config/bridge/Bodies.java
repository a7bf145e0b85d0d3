package io.claviger.config.bridge;

import io.claviger.schemas.SchemaJson;
import io.vertx.core.buffer.Buffer;

/** Contracts as bodies of frames and of event-bus messages: JSON text, written and read once. */
public final class Bodies {

  private Bodies() {}

  /** The record's text. */
  public static Buffer of(Object record) {
    return Buffer.buffer(SchemaJson.writeBytes(record));
  }

  /**
   * Reads a body.
   *
   * @throws SchemaJson.MalformedRecordException when it is none of that type
   */
  public static <T> T read(Buffer body, Class<T> type) {
    return SchemaJson.read(body.getBytes(), type);
  }
}
