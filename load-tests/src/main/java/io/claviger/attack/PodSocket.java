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

/**
 * A connection to an edge for arbitrary bytes, which no HTTP client would send. Blocks until its
 * timeout at most. One thread reads.
 */
final class PodSocket implements AutoCloseable {

  /** The attacker's address. Other pods have other addresses, because edges count by address. */
  static final String ATTACKER = StrangerSocket.MEMBER;

  /** More than an edge needs for any answer, also during a flood. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private static final int MOST_BYTES = 64 * 1024;
  private static final String END_OF_HEAD = "\r\n\r\n";

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

  /** Sends bytes on a new connection and returns the result. */
  static HttpReply exchange(EdgeMember edge, String bytes) {
    return exchange(edge, ATTACKER, bytes);
  }

  /** The same from another address. */
  static HttpReply exchange(EdgeMember edge, String from, String bytes) {
    try (PodSocket socket = connect(edge.listen(), from)) {
      socket.send(bytes);
      return socket.read();
    }
  }

  /** Sends a request as an SDK does and returns the result. */
  static HttpReply ask(EdgeMember edge, String token) {
    return exchange(edge, request("Authorization: " + token));
  }

  /** A request for credentials with these headers, and a {@code Host}. */
  static String request(String... headers) {
    return head("GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", headers);
  }

  /** A head with these lines. */
  static String head(String line, String host, String... headers) {
    StringBuilder text = new StringBuilder(line).append("\r\n").append(host).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  /**
   * Sends bytes. If the other side has closed the connection or does not read, a later read shows
   * it.
   */
  void send(String bytes) {
    withoutBody = bytes.startsWith("HEAD ");
    socket.send(bytes);
  }

  /** Reads the next answer. */
  HttpReply read() {
    return read(ANSWER);
  }

  /** The same, with a timeout for each byte. */
  HttpReply read(Duration timeout) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      socket.waits(timeout);
      while (bytes.size() < MOST_BYTES) {
        int next = in.read();
        if (next < 0) {
          return new HttpReply.Ended(socket.ended(bytes.toString(ISO_8859_1)));
        }
        bytes.write(next);
        if (next == '\n' && bytes.toString(ISO_8859_1).endsWith(END_OF_HEAD)) {
          return answer(bytes.toString(ISO_8859_1));
        }
      }
      throw new MeshException("an edge sends an endless answer");
    } catch (SocketTimeoutException e) {
      return new HttpReply.Ended(new Ending.Open(bytes.toString(ISO_8859_1)));
    } catch (IOException e) {
      return new HttpReply.Ended(socket.ended(bytes.toString(ISO_8859_1)));
    }
  }

  private HttpReply answer(String head) throws IOException {
    String[] line = head.substring(0, head.indexOf('\r')).split(" ", 3);
    if (line.length < 2 || !line[1].matches("\\d{3}")) {
      throw new MeshException("an edge has sent an answer that is not HTTP: " + line[0]);
    }
    HttpReply.Answered answer = new HttpReply.Answered(Integer.parseInt(line[1]), head, "");
    String announced = withoutBody ? "" : answer.header("content-length");
    int length = announced.isEmpty() ? 0 : Integer.parseInt(announced);
    byte[] body = in.readNBytes(length);
    return body.length == length
        ? new HttpReply.Answered(answer.status(), head, new String(body, ISO_8859_1))
        : new HttpReply.Ended(socket.ended(head));
  }

  /** Whether an idle connection is closed by now. */
  boolean isClosedByNow() {
    return read(Duration.ofMillis(1)).isClosed();
  }

  @Override
  public void close() {
    socket.close();
  }
}
