package io.claviger.broker.issuance;

import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * The sessions that all brokers share. The store is a cache: a missing session is opened again.
 * Changes take effect in the order of the calls.
 */
public interface SessionStore {

  /**
   * Returns a session that has not expired, from this broker's own memory; no waiting, no I/O,
   * never throws.
   */
  Optional<SessionCredentials> find(SessionKey key);

  /** Shares sessions. Returns at once; the stage fails if they could not be shared. */
  CompletionStage<Void> putAll(Map<SessionKey, SessionCredentials> sessions);

  /**
   * Drops the sessions of an association, except those of one revision. Returns at once.
   *
   * @param kept the revision whose sessions stay; absent if the association is deleted
   * @return whether a session was dropped: true at only one broker if several drop it. Fails if the
   *     drop fails
   */
  CompletionStage<Boolean> dropOtherRevisions(String associationId, OptionalLong kept);
}
