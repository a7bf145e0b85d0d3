package io.claviger.config.trust;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The signature that a request carries, by AWS Signature Version 4. Nothing in it is verified yet.
 *
 * @param credential the signing key and its scope
 * @param signedHeaders names of the headers that the signature covers: lower case, ascending, each
 *     once
 * @param signature hexadecimal
 */
public record SignatureClaim(
    CredentialScope credential, List<String> signedHeaders, String signature) {

  private static final String SCHEME = SignatureV4.ALGORITHM + " ";

  public SignatureClaim {
    signedHeaders = List.copyOf(signedHeaders);
    for (int i = 0; i < signedHeaders.size(); i++) {
      checkName(signedHeaders.get(i));
      if (i > 0 && signedHeaders.get(i - 1).compareTo(signedHeaders.get(i)) >= 0) {
        throw new IllegalArgumentException(
            "SignedHeaders must name each header once, in ascending order.");
      }
    }
  }

  /**
   * Reads the value of an {@code Authorization} header.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  public static SignatureClaim parse(String authorization) {
    if (!authorization.startsWith(SCHEME)) {
      throw new IllegalArgumentException(
          "Authorization header requires the algorithm " + SignatureV4.ALGORITHM + ".");
    }
    Map<String, String> fields = fields(authorization.substring(SCHEME.length()));
    return of(
        field(fields, "Credential"), field(fields, "SignedHeaders"), field(fields, "Signature"));
  }

  /**
   * Reads the three parts, as header and pre-signed query spell them.
   *
   * @throws IllegalArgumentException with what is wrong with them
   */
  public static SignatureClaim of(String credential, String signedHeaders, String signature) {
    return new SignatureClaim(
        CredentialScope.parse(credential), List.of(signedHeaders.split(";", -1)), signature);
  }

  private static Map<String, String> fields(String list) {
    Map<String, String> fields = new HashMap<>();
    for (String part : list.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException(
            "Authorization header must be a list of Name=Value, separated by commas.");
      }
      String name = part.substring(0, equals).strip();
      if (fields.put(name, part.substring(equals + 1).strip()) != null) {
        throw new IllegalArgumentException("Authorization header has a parameter twice.");
      }
    }
    return fields;
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("Authorization header requires '" + name + "' parameter.");
    }
    return value;
  }

  private static void checkName(String name) {
    boolean right =
        !name.isEmpty()
            && name.chars().allMatch(c -> c > ' ' && c < 0x7f && !(c >= 'A' && c <= 'Z'));
    if (!right) {
      throw new IllegalArgumentException(
          "SignedHeaders must be names of headers in lower case, separated by semicolons.");
    }
  }
}
