package io.claviger.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.MeshException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;

/**
 * A connection to an edge, on which any bytes can be sent, as no HTTP client would. Blocks, for as
 * long as its timeout. Read on one thread.
 */
final class PodSocket implements AutoCloseable {

  /** Where who attacks is. Other pods have other addresses, and edges count by address. */
  static final String ATTACKER = StrangerSocket.MEMBER;

  /** More than edges take for an answer of any kind, also beside a flood. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private static final int MOST_BYTES = 64 * 1024;
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final String LENGTH = "\r\ncontent-length:";

  private final StrangerSocket socket;
  private final InputStream in;
  private boolean withoutBody;

  private PodSocket(StrangerSocket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.input());
  }

  /** Connects from an address of loopback. */
  static PodSocket connect(HostPort to, String from) {
    try {
      return new PodSocket(StrangerSocket.open(from, to));
    } catch (IOException e) {
      throw new MeshException("cannot connect to " + to + ": " + e.getMessage(), e);
    }
  }

  /** What becomes of bytes on a connection of their own. */
  static PodReply exchange(EdgeMember edge, String bytes) {
    return exchange(edge, ATTACKER, bytes);
  }

  /** The same from another address. */
  static PodReply exchange(EdgeMember edge, String from, String bytes) {
    try (PodSocket socket = connect(edge.listen(), from)) {
      socket.send(bytes);
      return socket.read();
    }
  }

  /** What becomes of a request as an SDK makes it. */
  static PodReply ask(EdgeMember edge, String token) {
    return exchange(edge, request("Authorization: " + token));
  }

  /** A request for credentials with these headers, and a {@code Host}. */
  static String request(String... headers) {
    return head("GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", headers);
  }

  /** A head of these lines. */
  static String head(String line, String host, String... headers) {
    StringBuilder text = new StringBuilder(line).append("\r\n").append(host).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  /** Sends; where the other side has closed already, or does not take it, reading says so. */
  void send(String bytes) {
    withoutBody = bytes.startsWith("HEAD ");
    socket.send(bytes);
  }

  /** The next answer. */
  PodReply read() {
    return read(ANSWER);
  }

  /** The same, of which no byte may take longer than that. */
  PodReply read(Duration timeout) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      socket.waits(timeout);
      while (bytes.size() < MOST_BYTES) {
        int next = in.read();
        if (next < 0) {
          return new PodReply.Closed();
        }
        bytes.write(next);
        if (next == '\n' && bytes.toString(ISO_8859_1).endsWith(END_OF_HEAD)) {
          return answer(bytes.toString(ISO_8859_1));
        }
      }
      throw new MeshException("an edge answers without end");
    } catch (SocketTimeoutException e) {
      return new PodReply.Silent();
    } catch (IOException e) {
      return socket.isOver() ? new PodReply.Silent() : new PodReply.Closed();
    }
  }

  private PodReply answer(String head) throws IOException {
    String[] line = head.substring(0, head.indexOf('\r')).split(" ", 3);
    if (line.length < 2 || !line[1].matches("\\d{3}")) {
      throw new MeshException("an edge answers what is not HTTP: " + line[0]);
    }
    int status = Integer.parseInt(line[1]);
    int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    int length =
        at < 0 || withoutBody
            ? 0
            : Integer.parseInt(
                head.substring(at + LENGTH.length(), head.indexOf('\r', at + 2)).strip());
    byte[] body = in.readNBytes(length);
    return body.length == length
        ? new PodReply.Answered(status, new String(body, ISO_8859_1))
        : new PodReply.Closed();
  }

  /** A connection that does nothing, of which only its end is of interest. */
  boolean isClosedByNow() {
    return read(Duration.ofMillis(1)) instanceof PodReply.Closed;
  }

  @Override
  public void close() {
    socket.close();
  }
}
