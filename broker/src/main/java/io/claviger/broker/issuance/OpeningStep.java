package io.claviger.broker.issuance;

import java.time.Duration;

/** How opening a session goes on after one try. */
sealed interface OpeningStep {

  /** It has ended. */
  record Ended(Opening opening) implements OpeningStep {}

  /** STS is to be asked again after a pause. */
  record Again(Duration pause) implements OpeningStep {}
}
