package io.claviger.config.trust;

import java.util.Arrays;

/**
 * The spelling of a compact JWS: base64url without padding, parts between dots (RFC 7515, section
 * 7.1). Decoders pass over foreign characters and bits that stand for nothing, so that one
 * signature could be spelled in any number of ways, and each would be remembered and asked about as
 * a token of its own.
 */
final class Base64UrlParts {

  /** Which value an ASCII character stands for; -1: none (RFC 4648, section 5). */
  private static final byte[] VALUES = values();

  private Base64UrlParts() {}

  private static byte[] values() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    byte[] values = new byte[128];
    Arrays.fill(values, (byte) -1);
    for (int value = 0; value < alphabet.length(); value++) {
      values[alphabet.charAt(value)] = (byte) value;
    }
    return values;
  }

  /** Whether each part is the only spelling of its bytes. */
  static boolean areCanonical(String token) {
    int length = 0;
    int last = 0;
    for (int i = 0; i < token.length(); i++) {
      char next = token.charAt(i);
      if (next == '.') {
        if (!endsCanonically(length, last)) {
          return false;
        }
        length = 0;
        last = 0;
      } else {
        last = next < VALUES.length ? VALUES[next] : -1;
        if (last < 0) {
          return false;
        }
        length++;
      }
    }
    return endsCanonically(length, last);
  }

  /** Of the last character of an incomplete group four or two bits stand for nothing: zero. */
  private static boolean endsCanonically(int length, int last) {
    return switch (length % 4) {
      case 1 -> false;
      case 2 -> (last & 0b1111) == 0;
      case 3 -> (last & 0b11) == 0;
      default -> true;
    };
  }
}
