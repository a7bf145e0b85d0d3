package io.claviger.broker.cli.doctor;

import java.io.IOException;

/** Whether AWS takes the credentials. */
final class StsCheck {

  private static final String NAME = "STS";

  private StsCheck() {}

  static Finding look(Identity sts, AnswerCheck.Credentials credentials) {
    try {
      return Finding.ok(
          NAME,
          "says "
              + sts.of(
                  credentials.accessKeyId(),
                  credentials.secretAccessKey(),
                  credentials.sessionToken()));
    } catch (IOException e) {
      return Finding.fail(
          NAME,
          String.valueOf(e.getMessage()),
          "check AWS_REGION, AWS_ENDPOINT_URL_STS, the way out of the pod, and its clock");
    }
  }
}
