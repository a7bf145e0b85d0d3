package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** One HTTP request to an address, as an SDK would send it; without a proxy. */
@FunctionalInterface
interface HttpGet {

  /**
   * Asks and waits for the whole answer, some seconds at most.
   *
   * @param authorization the header's value; empty for none
   * @throws IOException when there is no answer
   */
  Answer get(URI uri, String authorization) throws IOException;

  /**
   * What came back.
   *
   * @param reason of the header {@code Claviger-Reason}; empty where there is none
   * @param body may hold credentials
   */
  record Answer(int status, String reason, String body, Duration took) {
    @Override
    public String toString() {
      return "Answer[" + status + " " + reason + "]";
    }
  }
}
