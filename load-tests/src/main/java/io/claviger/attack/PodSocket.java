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

  /** What becomes of a request as an SDK makes it. */
  static HttpReply ask(EdgeMember edge, String token) {
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
  HttpReply read() {
    return read(ANSWER);
  }

  /** The same, of which no byte may take longer than that. */
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
      throw new MeshException("an edge answers without end");
    } catch (SocketTimeoutException e) {
      return new HttpReply.Ended(new Ending.Open(bytes.toString(ISO_8859_1)));
    } catch (IOException e) {
      return new HttpReply.Ended(socket.ended(bytes.toString(ISO_8859_1)));
    }
  }

  private HttpReply answer(String head) throws IOException {
    String[] line = head.substring(0, head.indexOf('\r')).split(" ", 3);
    if (line.length < 2 || !line[1].matches("\\d{3}")) {
      throw new MeshException("an edge answers what is not HTTP: " + line[0]);
    }
    HttpReply.Answered answer = new HttpReply.Answered(Integer.parseInt(line[1]), head, "");
    String announced = withoutBody ? "" : answer.header("content-length");
    int length = announced.isEmpty() ? 0 : Integer.parseInt(announced);
    byte[] body = in.readNBytes(length);
    return body.length == length
        ? new HttpReply.Answered(answer.status(), head, new String(body, ISO_8859_1))
        : new HttpReply.Ended(socket.ended(head));
  }

  /** A connection that does nothing, of which only its end is of interest. */
  boolean isClosedByNow() {
    return read(Duration.ofMillis(1)).isClosed();
  }

  @Override
  public void close() {
    socket.close();
  }
}
