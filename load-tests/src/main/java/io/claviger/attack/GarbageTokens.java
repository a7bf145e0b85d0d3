package io.claviger.attack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Garbage in a token's place, by description. */
final class GarbageTokens {

  private GarbageTokens() {}

  /** Refused as invalid. */
  static Map<String, String> of(String right) {
    Map<String, String> all = new LinkedHashMap<>();
    String[] parts = right.split("\\.", -1);
    String header = parts[0];
    String claims = parts[1];
    String signature = parts[2];
    for (String text :
        List.of(
            "a",
            ".",
            "..",
            "...",
            "a.b",
            "a.b.c",
            "a.b.c.d",
            "null",
            "true",
            "0",
            "{}",
            "[]",
            "Basic dXNlcjpwYXNz",
            "Bearer",
            "Digest x",
            "AWS4-HMAC-SHA256 Credential=x",
            "%2e%2e",
            "${jndi:ldap://127.0.0.1/a}",
            "<token/>",
            "\u00e9.\u00e9.\u00e9")) {
      all.put("'" + text + "'", text);
    }
    all.put("16,000 dots", ".".repeat(16_000));
    all.put("15,000 letters", "x".repeat(15_000));
    all.put("5,000 parts", "a.".repeat(5_000) + "a");
    for (String json :
        List.of(
            "null",
            "0",
            "\"\"",
            "[]",
            "{}",
            "{",
            "{\"alg\":null}",
            "{\"alg\":{}}",
            "{\"exp\":1e999}")) {
      all.put(json + " for the head", TokenForge.base64(json) + "." + claims + "." + signature);
      all.put(json + " for the claims", header + "." + TokenForge.base64(json) + "." + signature);
    }
    all.put(
        "claims of 5,000 brackets",
        header + "." + TokenForge.base64("{\"a\":" + "[".repeat(5_000)) + "." + signature);
    all.put("only the head", header);
    all.put("head and claims", header + "." + claims);
    all.put("head and claims and a dot", header + "." + claims + ".");
    all.put("the claims first", claims + "." + header + "." + signature);
    all.put("the token twice", right + right);
    all.put("the token twice, by a comma", right + ", " + right);
    all.put("the token twice, by a dot", right + "." + right);
    all.put("one part more", right + ".e30");
    all.put("the token in quotes", "\"" + right + "\"");
    all.put("the token as another scheme", "Token " + right);
    spellings(all, right, header, claims, signature);
    return all;
  }

  /** The same bytes for a lenient decoder. */
  private static void spellings(
      Map<String, String> all, String right, String header, String claims, String signature) {
    all.put("padding behind the signature", right + "==");
    all.put("padding behind the head", header + "=." + claims + "." + signature);
    all.put("padding behind the claims", header + "." + claims + "=." + signature);
    char last = right.charAt(right.length() - 1);
    for (int more = 1; more <= 3; more++) {
      // The last character of 256 bytes encodes two bits of them, so four characters decode alike.
      all.put(
          "a last character for the same bits, " + more,
          right.substring(0, right.length() - 1) + (char) (last + more));
    }
    for (String junk : List.of("!", "=", " ", "\t", "~", "*", "/", "+", "\u00e9", "\u00a0")) {
      all.put(
          "'" + junk + "' within the signature",
          header
              + "."
              + claims
              + "."
              + signature.substring(0, 20)
              + junk
              + signature.substring(20));
      all.put(
          "'" + junk + "' within the claims",
          header + "." + claims.substring(0, 20) + junk + claims.substring(20) + "." + signature);
    }
    all.put("a dot behind it", right + ".");
    all.put("a dot before it", "." + right);
    all.put("letters in the other case", header + "." + claims + "." + swapped(signature));
  }

  private static String swapped(String text) {
    return text.chars()
        .map(
            letter ->
                Character.isUpperCase(letter)
                    ? Character.toLowerCase(letter)
                    : Character.toUpperCase(letter))
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  /** Refused before they are parsed. */
  static Map<String, String> tooLong(String right) {
    return Map.of(
        "20 KB of letters", "x".repeat(20_000),
        "20 KB of dots", ".".repeat(20_000),
        "the token and 20 KB behind it", right + "A".repeat(20_000));
  }
}
