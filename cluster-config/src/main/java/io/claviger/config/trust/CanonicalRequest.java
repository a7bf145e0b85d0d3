package io.claviger.config.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The part of a request that AWS Signature Version 4 signs, for every service but S3. No byte of
 * path and query is decoded. Two requests with one canonical form differ only in three ways. These
 * are the order of query parameters, {@code a} for {@code a=}, and the white space around and
 * between words of a header's value.
 *
 * @param method as in the request line
 * @param path as in the request line, percent-encoded; empty stands for {@code /}
 * @param query what follows the question mark, percent-encoded as AWS encodes (RFC 3986, space is
 *     {@code %20}); empty if there is none
 * @param headers the signed headers: lower-case name, values in the order in which they came
 * @param bodyHash SHA-256 of the body, hexadecimal
 */
public record CanonicalRequest(
    String method,
    String path,
    String query,
    SortedMap<String, List<String>> headers,
    String bodyHash) {

  private static final Pattern WHITE_SPACE = Pattern.compile("[ \\t]+");
  private static final String HEXADECIMAL = "0123456789ABCDEF";
  private static final Comparator<String[]> BY_NAME_AND_VALUE =
      Comparator.<String[], String>comparing(pair -> pair[0]).thenComparing(pair -> pair[1]);

  public CanonicalRequest {
    headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
  }

  /** Returns the canonical form. */
  public String text() {
    return String.join(
        "\n",
        method,
        path.isEmpty() ? "/" : encoded(path),
        sorted(query),
        headers.entrySet().stream()
            .map(header -> header.getKey() + ":" + joined(header.getValue()) + "\n")
            .collect(Collectors.joining()),
        String.join(";", headers.keySet()),
        bodyHash);
  }

  /** Encodes the path again, although it is encoded already; all services but S3 sign it so. */
  private static String encoded(String path) {
    StringBuilder encoded = new StringBuilder(path.length() + 32);
    for (byte b : path.getBytes(UTF_8)) {
      if (isUnreserved(b) || b == '/') {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEXADECIMAL.charAt((b >> 4) & 15));
        encoded.append(HEXADECIMAL.charAt(b & 15));
      }
    }
    return encoded.toString();
  }

  /** RFC 3986, section 2.3. */
  private static boolean isUnreserved(byte b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }

  /**
   * Sorts by name, then by value, not by the whole pair, where {@code a1=} would precede {@code
   * a=}.
   */
  private static String sorted(String query) {
    return query.isEmpty()
        ? ""
        : Arrays.stream(query.split("&", -1))
            .map(CanonicalRequest::pair)
            .sorted(BY_NAME_AND_VALUE)
            .map(pair -> pair[0] + "=" + pair[1])
            .collect(Collectors.joining("&"));
  }

  private static String[] pair(String text) {
    int equals = text.indexOf('=');
    return equals < 0
        ? new String[] {text, ""}
        : new String[] {text.substring(0, equals), text.substring(equals + 1)};
  }

  private static String joined(List<String> values) {
    return values.stream()
        .map(value -> WHITE_SPACE.matcher(value.strip()).replaceAll(" "))
        .collect(Collectors.joining(","));
  }
}
