package io.claviger.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request for the load generator; the bytes are not copied.
 *
 * @param port of loopback
 * @param token sent unchanged
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PlannedRequest(int port, byte[] token) {

  /** Reads a file with one request a line: port, token. */
  static List<PlannedRequest> read(Path plan) throws IOException {
    try (Stream<String> lines = Files.lines(plan)) {
      return lines.map(PlannedRequest::parse).toList();
    }
  }

  static PlannedRequest parse(String line) {
    int space = line.indexOf(' ');
    return new PlannedRequest(
        Integer.parseInt(line.substring(0, space)),
        line.substring(space + 1).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Formats a line of such a file. */
  static String line(int port, String token) {
    return port + " " + token;
  }
}
