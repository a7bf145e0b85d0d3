package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An edge on a TLS socket, which can follow or violate the protocol. */
final class EdgeClient implements Closeable {

  private static final int TIMEOUT_MILLIS = 10_000;

  private final SSLSocket socket;
  private final DataInputStream in;

  private EdgeClient(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  static EdgeClient connect(int port, Path authority) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null);
    try (InputStream pem = Files.newInputStream(authority)) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.startHandshake();
    return new EdgeClient(socket);
  }

  X509Certificate serverCertificate() throws SSLException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  EdgeClient send(String address, @Nullable String replyAddress, JsonObject body)
      throws IOException {
    return send(address, replyAddress, body.toBuffer());
  }

  EdgeClient send(String address, @Nullable String replyAddress, @Nullable Buffer body)
      throws IOException {
    return write(BridgeFrames.encode(BridgeFrames.SEND, address, replyAddress, body));
  }

  /** Sends a credential request. */
  EdgeClient request(String replyAddress) throws IOException {
    return send(BusProtocol.CREDENTIALS, replyAddress, new JsonObject());
  }

  /** Asserts that the next frame is the answer to a new request. */
  void assertAnswers() throws IOException {
    assertThat(request("alive").read().getString("address")).isEqualTo("alive");
  }

  EdgeClient register(String address) throws IOException {
    return write(BridgeFrames.encode(BridgeFrames.REGISTER, address, null, null));
  }

  EdgeClient frame(String json) throws IOException {
    Buffer text = Buffer.buffer(json);
    return write(Buffer.buffer().appendInt(text.length()).appendBuffer(text));
  }

  EdgeClient write(Buffer bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes());
    return this;
  }

  JsonObject login(String token) throws IOException {
    JsonObject login = new JsonObject().put("version", BusProtocol.VERSION).put("token", token);
    return send(BusProtocol.LOGIN, "login", login).read();
  }

  /** Returns the next frame. Fails when the connection ends instead. */
  JsonObject read() throws IOException {
    return next().orElseThrow(() -> new EOFException("the connection has ended"));
  }

  /** Returns the next frame; empty when the connection has ended. */
  Optional<JsonObject> next() throws IOException {
    try {
      byte[] frame = new byte[in.readInt()];
      in.readFully(frame);
      return Optional.of(new JsonObject(Buffer.buffer(frame)));
    } catch (EOFException | SSLException | SocketException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
