package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.util.List;

/**
 * An edge tells what happened on its node, oldest first. It tells it again until a broker has taken
 * it, so a broker may see the same more than once.
 *
 * @param version of the protocol the edge speaks
 * @param events at most {@link #MAX_EVENTS}
 */
public record NodeEvents(int version, List<NodeEvent> events) {

  /** So many, of the longest names that Kubernetes permits, fit into a frame. */
  public static final int MAX_EVENTS = 50;

  public NodeEvents {
    events = Check.list(events, "events", MAX_EVENTS);
  }
}
