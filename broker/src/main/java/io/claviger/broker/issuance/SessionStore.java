package io.claviger.broker.issuance;

import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * The sessions that all brokers share. Never an authority: what it lacks is opened again. Changes
 * take effect in the order in which they were asked for.
 */
public interface SessionStore {

  /**
   * A session that has not ended, from this broker's own memory; no waiting, no I/O, never throws.
   */
  Optional<SessionCredentials> find(SessionKey key);

  /** Shares sessions. Returns at once; fails when they could not be shared. */
  CompletionStage<Void> putAll(Map<SessionKey, SessionCredentials> sessions);

  /**
   * Forgets the sessions of an association but those of one revision. Returns at once.
   *
   * @param kept the revision whose sessions stay; absent when the association is gone
   * @return whether there was one to forget: true at one broker only where several drop it. Fails
   *     when they could not be forgotten
   */
  CompletionStage<Boolean> dropOtherRevisions(String associationId, OptionalLong kept);
}
