package io.claviger.broker.issuance;

import io.claviger.schemas.bus.SessionKey;

/**
 * Which broker opens a session if all are able to. This is a hint that saves STS calls, not a
 * fence: two brokers may both believe that they are the owner.
 */
@FunctionalInterface
public interface SessionOwners {

  /** The owner as this broker sees it now; no waiting, no I/O. */
  Owner ownerOf(SessionKey key);

  /** Who owns a key. */
  sealed interface Owner {
    /** This broker. */
    record Here() implements Owner {}

    /** Another broker, by its name on the event bus. */
    record Peer(String nodeId) implements Owner {}
  }
}
