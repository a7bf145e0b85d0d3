package io.claviger.config.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.HMAC;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * Computes the AWS Signature Version 4 that a received request must have. It follows the canonical
 * form that AWS documents and uses no SDK signer. A signer adds headers of its own, but here only
 * the headers that the client has signed count.
 */
public final class SignatureV4 {

  /** The algorithm's name in requests. */
  public static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private SignatureV4() {}

  /** Returns the signature, hexadecimal, that the holder of the secret puts on this request. */
  public static String of(
      CanonicalRequest request, CredentialScope scope, AmzDate date, String secret) {
    String toSign =
        String.join(
            "\n", ALGORITHM, date.text(), scope.text(), Sha256.hex(request.text().getBytes(UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(UTF_8);
    for (String part :
        List.of(
            scope.date(), scope.region(), scope.service(), CredentialScope.TERMINATOR, toSign)) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(key);
  }

  /** Whether two texts are equal, in constant time. */
  public static boolean equal(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      return HMAC.compute("HmacSHA256", key, text.getBytes(UTF_8), null);
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
