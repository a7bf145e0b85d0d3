package io.claviger.mesh.sts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Authorization} header of AWS Signature Version 4.
 *
 * @param accessKeyId whose secret signed
 * @param date of the credential scope, {@code yyyyMMdd}
 * @param region of the credential scope
 * @param service of the credential scope
 * @param signedHeaders in the order of the canonical request, lower case
 * @param signature hexadecimal
 */
record Authorization(
    String accessKeyId,
    String date,
    String region,
    String service,
    List<String> signedHeaders,
    String signature) {

  static final String ALGORITHM = "AWS4-HMAC-SHA256";
  static final String TERMINATOR = "aws4_request";

  Authorization {
    signedHeaders = List.copyOf(signedHeaders);
  }

  /** The credential scope, as it is signed. */
  String scope() {
    return String.join("/", date, region, service, TERMINATOR);
  }

  /** Reads the header; a {@link StsRefusal} says what is wrong with it. */
  static Authorization parse(@Nullable String header) {
    if (header == null || header.isBlank()) {
      throw new StsRefusal(StsError.missingAuthenticationToken());
    }
    if (!header.startsWith(ALGORITHM + " ")) {
      throw incomplete("Authorization header requires the algorithm " + ALGORITHM + ".");
    }
    Map<String, String> fields = fields(header.substring(ALGORITHM.length() + 1));
    String[] credential = field(fields, "Credential").split("/", -1);
    if (credential.length != 5 || !TERMINATOR.equals(credential[4])) {
      throw incomplete(
          "Credential must have exactly 5 slash-delimited elements, e.g."
              + " keyid/date/region/service/term");
    }
    return new Authorization(
        credential[0],
        credential[1],
        credential[2],
        credential[3],
        List.of(field(fields, "SignedHeaders").split(";", -1)),
        field(fields, "Signature"));
  }

  private static Map<String, String> fields(String list) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String part : list.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        fields.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return fields;
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null || value.isEmpty()) {
      throw incomplete("Authorization header requires '" + name + "' parameter.");
    }
    return value;
  }

  private static StsRefusal incomplete(String message) {
    return new StsRefusal(StsError.incompleteSignature(message));
  }
}
