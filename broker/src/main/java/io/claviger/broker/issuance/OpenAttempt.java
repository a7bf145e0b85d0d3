package io.claviger.broker.issuance;

import java.time.Duration;

/** How opening a session goes on after one try. */
sealed interface OpenAttempt {

  /** It has ended. */
  record Ended(OpenResult result) implements OpenAttempt {}

  /** STS is to be asked again after a pause. */
  record Again(Duration pause) implements OpenAttempt {}
}
