package io.claviger.broker.cli.doctor;

import java.io.IOException;

/** Calls STS for the identity of credentials. */
@FunctionalInterface
public interface Identity {

  /**
   * Returns the ARN in STS's answer.
   *
   * @throws IOException when the call fails; the message gives the reason
   */
  String of(String accessKeyId, String secretAccessKey, String sessionToken) throws IOException;
}
