package io.claviger.edge.credential;

/** Counts events of flights and refreshes in meters. Must not throw or block. */
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
    /** Refused, and the cached session is no longer served. */
    EVICTED,
    /** Refused for now: the cached session is served until it expires. */
    REFUSED,
    /** No broker could answer. */
    UNAVAILABLE
  }

  /** A flight has ended. */
  void flight(FlightResult result);

  /** A refresh has ended. */
  void refresh(RefreshResult result);

  /** An answer from before a change of its association was requested again. */
  void outdatedAnswer();

  /** A session was dropped because it was about to expire. */
  void ended();
}
