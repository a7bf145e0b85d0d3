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
    /** The next session is cached. */
    REFRESHED,
    /** Refused, and what was cached is not served any more. */
    EVICTED,
    /** Refused for now: what is cached is served to its end. */
    REFUSED,
    /** No broker could say. */
    UNAVAILABLE
  }

  /** A flight has ended. */
  void flight(FlightResult result);

  /** A refresh has ended. */
  void refresh(RefreshResult result);

  /** An answer was made before its association changed, and was asked for again. */
  void outdatedAnswer();

  /** A session was dropped because it was about to end. */
  void ended();
}
