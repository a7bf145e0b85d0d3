package io.claviger.edge.credential;

import io.claviger.config.trust.TokenHash;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.edge.workload.VerifiedToken;

/** The requester for which a broker is asked; {@code toString} of both kinds hides the token. */
sealed interface Requester {

  /** Returns the token as received. */
  String token();

  /** Returns its hash. */
  TokenHash hash();

  /** Returns the key of the flight that it shares. */
  FlightKey flight();

  /** A requester whose identity is proven. */
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

  /** A requester of which only the token is known: it shares nothing with other tokens. */
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
