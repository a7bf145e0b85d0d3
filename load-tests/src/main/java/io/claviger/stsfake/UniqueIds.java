package io.claviger.stsfake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.config.trust.SignatureV4;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;

/** IAM's unique ids and secrets: a prefix that says what it is, and letters and digits. */
final class UniqueIds {

  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int ID_CHARACTERS = 16;

  /**
   * Real ones have 300 to 1,000 characters; pods' answers must stay under 10,000 bytes with them.
   */
  private static final int SESSION_TOKEN_BYTES = 420;

  private static final int SECRET_BYTES = 30;

  private final SecureRandom random;

  UniqueIds(SecureRandom random) {
    this.random = random;
  }

  /** The same id for the same name. */
  static String stable(String prefix, String name) {
    String hash = SignatureV4.sha256(name.getBytes(UTF_8)).toUpperCase(Locale.ROOT);
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < ID_CHARACTERS + 1; i++) {
      id.append(ALPHABET.charAt(Integer.parseInt(hash.substring(2 * i, 2 * i + 2), 16) & 31));
    }
    return id.toString();
  }

  /** An access key id that nobody has had. */
  String accessKeyId(String prefix) {
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < ID_CHARACTERS; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }

  String secretAccessKey() {
    return base64(SECRET_BYTES);
  }

  String sessionToken() {
    return base64(SESSION_TOKEN_BYTES);
  }

  private String base64(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
