package io.claviger.broker.cli.doctor;

import java.io.IOException;

/** Asks STS whose credentials these are. */
@FunctionalInterface
public interface Identity {

  /**
   * The ARN that STS answers.
   *
   * @throws IOException saying what is wrong
   */
  String of(String accessKeyId, String secretAccessKey, String sessionToken) throws IOException;
}
