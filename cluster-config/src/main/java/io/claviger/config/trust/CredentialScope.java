package io.claviger.config.trust;

/**
 * The signing key and its scope: the {@code Credential} of AWS Signature Version 4.
 *
 * @param accessKeyId the access key whose secret signed
 * @param date the day it was signed on, {@code yyyyMMdd}
 * @param region may be empty; a caller that needs it must check it
 * @param service for example {@code eks}
 */
public record CredentialScope(String accessKeyId, String date, String region, String service) {

  static final String TERMINATOR = "aws4_request";

  /**
   * Reads {@code keyid/date/region/service/aws4_request}.
   *
   * @throws IllegalArgumentException if the text has another form
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

  /** Returns the scope as it is signed. */
  String text() {
    return String.join("/", date, region, service, TERMINATOR);
  }
}
