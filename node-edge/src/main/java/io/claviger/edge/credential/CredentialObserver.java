package io.claviger.edge.credential;

/** Told what happens, for meters. Must not throw or block. */
public interface CredentialObserver {

  /** How a flight ended. */
  enum FlightResult {
    ISSUED,
    REFUSED,
    UNAVAILABLE
  }

  /** How a refresh ended. */
  enum RefreshResult {
    /** The next session is held. */
    REFRESHED,
    /** Refused, and what was held is not handed out any more. */
    EVICTED,
    /** Refused for now: what is held is handed out to its end. */
    REFUSED,
    /** No broker could say. */
    UNAVAILABLE
  }

  /** A flight has ended. */
  void flight(FlightResult result);

  /** A refresh has ended. */
  void refresh(RefreshResult result);

  /** An answer was made before its association moved, and was asked for again. */
  void outdatedAnswer();

  /** A session was dropped because it was about to end. */
  void ended();
}
