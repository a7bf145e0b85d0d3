package io.claviger.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.config.lifecycle.HostPort;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LinkProxyIT {

  private static final int SOON = 300;
  private static final int LONG = 5_000;

  private final Vertx vertx = Vertx.vertx();
  private final ServerSocket member = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final LinkProxy link =
      LinkProxy.listen(vertx).to(new HostPort("127.0.0.1", member.getLocalPort()));
  private Socket client = new Socket();
  private Socket accepted = new Socket();

  LinkProxyIT() throws IOException {}

  @BeforeEach
  void connect() throws IOException {
    client = new Socket(link.address().host(), link.address().port());
    accepted = member.accept();
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    accepted.close();
    member.close();
    link.close();
    vertx.close().await();
  }

  private static int read(Socket socket, int within) throws IOException {
    socket.setSoTimeout(within);
    return socket.getInputStream().read();
  }

  @Test
  void handsOnWhatIsSent() throws IOException {
    client.getOutputStream().write(1);
    assertThat(read(accepted, LONG)).isEqualTo(1);

    accepted.getOutputStream().write(2);
    assertThat(read(client, LONG)).isEqualTo(2);
  }

  @Test
  void whatABlackHoleHoldsComesOnceTheLinkIsFine() throws IOException {
    handsOnWhatIsSent();
    link.state(LinkProxy.State.BLACK_HOLE);
    client.getOutputStream().write(3);

    assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> read(accepted, SOON));

    link.state(LinkProxy.State.FINE);
    assertThat(read(accepted, LONG)).isEqualTo(3);
  }

  @Test
  void aHalfOpenLinkHandsOnWhatClientsSendAlone() throws IOException {
    handsOnWhatIsSent();
    link.state(LinkProxy.State.HALF_OPEN);
    client.getOutputStream().write(3);
    assertThat(read(accepted, LONG)).isEqualTo(3);
    accepted.getOutputStream().write(4);

    assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> read(client, SOON));
  }

  @Test
  void whatWasSentFirstComesFirstWhenADelayEnds() throws IOException {
    handsOnWhatIsSent();
    link.delay(Duration.ofSeconds(1));
    client.getOutputStream().write(3);
    assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> read(accepted, SOON));

    link.delay(Duration.ZERO);
    client.getOutputStream().write(4);

    assertThat(read(accepted, LONG)).isEqualTo(3);
    assertThat(read(accepted, LONG)).isEqualTo(4);
  }

  @Test
  void aResetEndsOpenConnections() throws IOException {
    handsOnWhatIsSent();

    link.state(LinkProxy.State.RESET);

    assertThatExceptionOfType(SocketException.class).isThrownBy(() -> read(client, LONG));
  }
}
