package io.claviger.config.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.HMAC;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * AWS Signature Version 4 of a request as it was received: what its signature must be. Written
 * against the canonical form that AWS documents and not with an SDK's signer, because a signer adds
 * headers of its own to what it signs, while here only the headers that the client has signed
 * count.
 */
public final class SignatureV4 {

  /** As requests name it. */
  public static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private SignatureV4() {}

  /** The signature, hexadecimal, that the holder of the secret puts on this request. */
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

  /** Whether two texts are equal; takes as long for those that nearly are. */
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
