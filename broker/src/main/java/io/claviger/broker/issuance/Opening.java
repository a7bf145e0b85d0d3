package io.claviger.broker.issuance;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import java.time.Duration;

/** What came of opening a session, here or at the key's owner. */
sealed interface Opening {

  /** It was not begun, as whoever wanted it has stopped to wait. */
  Opening UNWANTED = new Failed("nobody waits for the session any more", Duration.ofMillis(500));

  /** The session, kept in the store. */
  record Opened(SessionCredentials credentials) implements Opening {}

  /** STS will not open it until something changes. */
  record Denied(RefusalReason reason, String message) implements Opening {}

  /** It cannot be opened now. */
  record Failed(String message, Duration retryAfter) implements Opening {}

  /**
   * The association is not what the session was wanted under, so there is none.
   *
   * @param position at which that was seen
   */
  record Moved(Position position) implements Opening {}
}
