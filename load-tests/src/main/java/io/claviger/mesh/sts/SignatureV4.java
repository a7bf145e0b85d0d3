package io.claviger.mesh.sts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 of a request as it was received: what its signature must be. Written
 * against the canonical form that AWS documents and not with an SDK's signer, because a signer adds
 * headers of its own to what it signs, while here only the headers that the client has signed
 * count.
 */
final class SignatureV4 {

  private static final String HMAC = "HmacSHA256";

  private SignatureV4() {}

  /** The signature, hexadecimal, that the holder of the secret puts on this request. */
  static String of(
      ReceivedRequest request, Authorization authorization, String amzDate, String secret) {
    String toSign =
        String.join(
            "\n",
            Authorization.ALGORITHM,
            amzDate,
            authorization.scope(),
            sha256(canonical(request, authorization.signedHeaders()).getBytes(UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(UTF_8);
    for (String part :
        List.of(
            authorization.date(),
            authorization.region(),
            authorization.service(),
            Authorization.TERMINATOR,
            toSign)) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(key);
  }

  /** SHA-256, hexadecimal. */
  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String canonical(ReceivedRequest request, List<String> signedHeaders) {
    return String.join(
        "\n",
        request.method(),
        // STS has this one path, so nothing has to be encoded again.
        request.path().isEmpty() ? "/" : request.path(),
        canonicalQuery(request.query()),
        signedHeaders.stream()
            .map(name -> name + ":" + canonicalValue(request, name) + "\n")
            .collect(Collectors.joining()),
        String.join(";", signedHeaders),
        sha256(request.body().getBytes()));
  }

  private static String canonicalQuery(String query) {
    return query.isEmpty()
        ? ""
        : Arrays.stream(query.split("&", -1))
            .map(pair -> pair.indexOf('=') < 0 ? pair + "=" : pair)
            .sorted()
            .collect(Collectors.joining("&"));
  }

  private static String canonicalValue(ReceivedRequest request, String name) {
    return request.headers().getAll(name).stream()
        .map(value -> value.strip().replaceAll(" +", " "))
        .collect(Collectors.joining(","));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
