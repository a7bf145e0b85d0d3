package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Sends one HTTP request to an address, as an SDK would, without a proxy. */
@FunctionalInterface
interface HttpGet {

  /**
   * Sends the request and waits for the whole answer, for at most some seconds.
   *
   * @param authorization the value of the header; empty to omit it
   * @throws IOException when there is no answer
   */
  Answer get(URI uri, String authorization) throws IOException;

  /**
   * The response.
   *
   * @param reason the header {@code Claviger-Reason}; empty when absent
   * @param body the body, which may hold credentials
   */
  record Answer(int status, String reason, String body, Duration took) {
    @Override
    public String toString() {
      return "Answer[" + status + " " + reason + "]";
    }
  }
}
