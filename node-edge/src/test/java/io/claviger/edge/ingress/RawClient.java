package io.claviger.edge.ingress;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client that sends exactly the given bytes over one connection. */
final class RawClient implements Closeable {

  static final String HOST = "Host: 169.254.170.23";
  private static final int TIMEOUT_MS = 10_000;

  private final Socket socket;

  RawClient(int port) throws IOException {
    this(port, new Socket());
  }

  private RawClient(int port, Socket socket) throws IOException {
    this.socket = socket;
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(TIMEOUT_MS);
  }

  /** Opens a client with a small receive buffer, for a client that does not read. */
  static RawClient withSmallBuffer(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 * 1024);
    return new RawClient(port, socket);
  }

  /** Sends the text repeatedly until the server closes the connection. */
  void sendUntilClosed(String text) {
    try {
      while (true) {
        send(text);
      }
    } catch (IOException e) {
      // The server has closed the connection.
    }
  }

  /** A request as SDKs send it. */
  static String get(String token) {
    return request("GET", "/v1/credentials", HOST, "Authorization: " + token);
  }

  static String request(String method, String path, String... headers) {
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return method + " " + path + " HTTP/1.1\r\n" + lines + "\r\n";
  }

  /** Sends a request over a new connection. */
  static RawAnswer ask(int port, String request) throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.send(request);
      return client.answer();
    }
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Reads one answer. */
  RawAnswer answer() throws IOException {
    return answer(true);
  }

  /** Reads one answer; an answer to HEAD has the length of a body that does not follow. */
  RawAnswer answer(boolean withBody) throws IOException {
    List<String> head = head().lines().toList();
    int status = Integer.parseInt(head.getFirst().substring(9, 12));
    RawAnswer answer = new RawAnswer(status, head.subList(1, head.size() - 1), "");
    int length = withBody ? Integer.parseInt(answer.header("content-length").getFirst()) : 0;
    byte[] body = socket.getInputStream().readNBytes(length);
    return new RawAnswer(status, answer.headers(), new String(body, StandardCharsets.UTF_8));
  }

  private String head() throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("closed after " + bytes.size() + " bytes");
      }
      bytes.write(next);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the server closes the connection, without another byte, within the timeout. */
  boolean isEnded() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
