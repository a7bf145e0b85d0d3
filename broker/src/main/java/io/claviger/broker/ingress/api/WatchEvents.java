package io.claviger.broker.ingress.api;

import io.claviger.broker.association.ObservedChange;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * The events of a watch, as server-sent events. A client can resume after an event with an id. The
 * events of the initial list have no id, because a client cannot resume within the list.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class WatchEvents {

  static final String CONTENT_TYPE = "text/event-stream";

  /** A comment, which keeps the connection from being idle. */
  static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");

  private static final String BOOKMARK = "BOOKMARK";

  private final AssociationShapes shapes;

  WatchEvents(AssociationShapes shapes) {
    this.shapes = shapes;
  }

  /** Parses the position in an event's id. */
  static Position position(String id) {
    int dash = id.indexOf('-');
    return new Position(
        Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1)));
  }

  /** Writes an association of the initial list. */
  Buffer first(Association association, Position position) {
    return data(
        event(ObservedChange.Kind.ADDED.name(), position)
            .put("association", shapes.full(association)));
  }

  /** Writes a change. */
  Buffer change(ObservedChange change) {
    return identified(
        change.position(),
        event(change.kind().name(), change.position())
            .put("association", shapes.full(change.association())));
  }

  /** Writes a bookmark: all events up to the position have been sent. */
  static Buffer bookmark(Position position) {
    return identified(position, event(BOOKMARK, position));
  }

  private static JsonObject event(String type, Position position) {
    return new JsonObject()
        .put("type", type)
        .put(
            "position",
            new JsonObject().put("epoch", position.epoch()).put("sequence", position.sequence()));
  }

  private static Buffer identified(Position position, JsonObject event) {
    return Buffer.buffer("id: " + position.epoch() + "-" + position.sequence() + "\n")
        .appendBuffer(data(event));
  }

  /** The JSON is on one line, as the format requires. */
  private static Buffer data(JsonObject event) {
    return Buffer.buffer("data: ").appendBuffer(event.toBuffer()).appendString("\n\n");
  }
}
