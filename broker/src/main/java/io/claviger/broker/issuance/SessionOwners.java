package io.claviger.broker.issuance;

import io.claviger.schemas.bus.SessionKey;

/**
 * Which broker opens a session when all can: a hint that saves calls, never a fence. Two brokers
 * may both believe to be it.
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
