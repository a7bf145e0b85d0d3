package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.util.List;

/**
 * An edge reports events of its node, oldest first. It repeats the report until a broker has
 * accepted it, so a broker may receive an event more than once.
 *
 * @param version of the protocol that the edge uses
 * @param events at most {@link #MAX_EVENTS}
 */
public record NodeEvents(int version, List<NodeEvent> events) {

  /** This many events, with the longest names that Kubernetes permits, fit into a frame. */
  public static final int MAX_EVENTS = 50;

  public NodeEvents {
    events = Check.list(events, "events", MAX_EVENTS);
  }
}
