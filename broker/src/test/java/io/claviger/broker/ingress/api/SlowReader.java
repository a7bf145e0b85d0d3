package io.claviger.broker.ingress.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A watching client that stops reading. */
final class SlowReader implements AutoCloseable {

  private static final int SMALL = 4096;

  private final Socket socket = new Socket();

  /** Sends the request and reads nothing of the answer. */
  SlowReader(URI endpoint, RawApi api, String path) throws IOException {
    socket.setReceiveBufferSize(SMALL);
    socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
    HttpRequest signed = api.request("eks", "GET", path, "").build();
    StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
    head.append("Host: ").append(endpoint.getAuthority()).append("\r\n");
    signed
        .headers()
        .map()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> head.append(name).append(": ").append(value).append("\r\n")));
    socket
        .getOutputStream()
        .write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads the rest, and returns whether the connection ended before the answer did. */
  boolean isCutOff() throws IOException {
    socket.setSoTimeout(5_000);
    InputStream in = socket.getInputStream();
    byte[] last = new byte[0];
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        last = Arrays.copyOfRange(buffer, Math.max(0, n - 5), n);
      }
    } catch (IOException reset) {
      return true;
    }
    return !new String(last, StandardCharsets.US_ASCII).equals("0\r\n\r\n");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
