package io.claviger.edge.credential;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.edge.workload.VerifiedToken;

/** For whom a broker is asked; neither prints the token. */
sealed interface Requester {

  /** The token as it came. */
  String token();

  /** Its hash. */
  TokenHash hash();

  /** Who shares the flight. */
  FlightKey flight();

  /** Somebody whose names are proven. */
  record Known(String token, VerifiedToken verified) implements Requester {
    @Override
    public TokenHash hash() {
      return verified.hash();
    }

    @Override
    public FlightKey flight() {
      return new FlightKey.OfWorkload(verified.workload());
    }

    @Override
    public String toString() {
      return "Known";
    }
  }

  /** Somebody of whom only the token is known: it shares nothing with anybody else. */
  record Unknown(String token, TokenCheck.Unproven unproven) implements Requester {
    @Override
    public TokenHash hash() {
      return unproven.hash();
    }

    @Override
    public FlightKey flight() {
      return new FlightKey.OfToken(unproven.hash());
    }

    @Override
    public String toString() {
      return "Unknown";
    }
  }
}
