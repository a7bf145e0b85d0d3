package io.claviger.broker.audit;

import io.claviger.schemas.event.CredentialEvent;
import java.util.UUID;

/** Takes events that other instances recorded, and that keep them until they are taken. */
@FunctionalInterface
public interface ReceivedEvents {

  /**
   * Takes an event if there is room for it. Returns at once, never throws.
   *
   * @param id the same in every offer of the event
   * @return whether the event was taken; if not, offer it again later
   */
  boolean offer(UUID id, CredentialEvent event);
}
