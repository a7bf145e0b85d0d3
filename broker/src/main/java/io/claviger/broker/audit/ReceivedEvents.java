package io.claviger.broker.audit;

import io.claviger.schemas.event.CredentialEvent;
import java.util.UUID;

/** Takes what happened elsewhere, and is kept there until it is taken. */
@FunctionalInterface
public interface ReceivedEvents {

  /**
   * Takes an event if there is room for it. Returns at once, never throws.
   *
   * @param id the same each time that the event is offered
   * @return whether it was taken; if not, it is to be offered again later
   */
  boolean offer(UUID id, CredentialEvent event);
}
