package io.claviger.config.trust;

/**
 * Which key has signed, and what for: the {@code Credential} of AWS Signature Version 4.
 *
 * @param accessKeyId whose secret signed
 * @param date the day it was signed on, {@code yyyyMMdd}
 * @param region may be empty; whoever minds has to look
 * @param service for example {@code eks}
 */
public record CredentialScope(String accessKeyId, String date, String region, String service) {

  static final String TERMINATOR = "aws4_request";

  /**
   * Reads {@code keyid/date/region/service/aws4_request}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static CredentialScope parse(String credential) {
    String[] elements = credential.split("/", -1);
    if (elements.length != 5 || !TERMINATOR.equals(elements[4])) {
      throw new IllegalArgumentException(
          "Credential must have exactly 5 slash-delimited elements, e.g."
              + " keyid/date/region/service/term");
    }
    return new CredentialScope(elements[0], elements[1], elements[2], elements[3]);
  }

  /** As it is signed. */
  String text() {
    return String.join("/", date, region, service, TERMINATOR);
  }
}
