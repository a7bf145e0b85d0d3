package io.claviger.edge.credential;

import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;

/** What a pod is answered. */
public sealed interface CredentialOutcome {

  /** Here they are. */
  record Issued(SessionCredentials credentials) implements CredentialOutcome {}

  /**
   * No, until something changes.
   *
   * @param reason the class of the refusal
   * @param message for a person; no secret
   */
  record Refused(RefusalReason reason, String message) implements CredentialOutcome {}

  /**
   * Not now; the same request may succeed later.
   *
   * @param message for a person; no secret
   */
  record Unavailable(String message) implements CredentialOutcome {}
}
