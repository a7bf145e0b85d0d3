package io.claviger.broker.issuance;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;

/** What came of opening a session, here or at the key's owner. */
sealed interface OpenResult {

  /** It was not begun, as nobody waits for it any more. */
  OpenResult UNWANTED = new Failed("nobody waits for the session any more", Duration.ofMillis(500));

  /** The session, kept in the store. */
  record Opened(SessionCredentials credentials) implements OpenResult {}

  /** STS will not open it until something changes. */
  record Denied(RefusalReason reason, String message) implements OpenResult {}

  /** It cannot be opened now. */
  record Failed(String message, Duration retryAfter) implements OpenResult {}

  /**
   * The association is not what the session was wanted under, so there is none.
   *
   * @param position at which that was seen
   */
  record Changed(Position position) implements OpenResult {}
}
