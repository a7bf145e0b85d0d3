package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of a new connection between members, as any host of their network can send them. */
final class MemberProofFuzzTest {

  private static final MemberProof PROOF =
      new MemberProof("claviger", TestKeys.one(), new SecureRandom());

  static Stream<byte[]> openings() {
    return Stream.of(
            "",
            "HZC",
            "CLAVMBR1\0",
            "CLAVMBR1\377" + "k".repeat(255),
            "CLAVMBR1\2k2" + "n".repeat(32) + "m".repeat(32),
            "CLAVMBR1\2k1" + "n".repeat(32) + "m".repeat(32) + "HZC")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A peer without a key is rejected, and nothing more is read from a rejected one. */
  @MethodSource("openings")
  @FuzzTest
  void endWithoutAProof(byte[] input) throws IOException {
    Connection accepted = new Connection(input);
    PROOF.onAccept(accepted);
    assertThat(accepted.ended).isTrue();
    assertThat(accepted.written.size()).isIn(0, 64);

    Connection connected = new Connection(input);
    PROOF.onConnect(connected);
    assertThat(connected.ended).isTrue();
    // Its first message, and no proof after that.
    assertThat(connected.written.size()).isEqualTo(8 + 1 + TestKeys.ID.length() + 32);
  }

  /** A connection on which all bytes have arrived already. */
  private static final class Connection extends Socket {
    private final InputStream in;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private boolean ended;

    Connection(byte[] input) {
      this.in = new ByteArrayInputStream(input);
    }

    @Override
    public InputStream getInputStream() {
      return in;
    }

    @Override
    public OutputStream getOutputStream() {
      return written;
    }

    @Override
    public InetAddress getInetAddress() {
      return InetAddress.getLoopbackAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
      return new InetSocketAddress(getInetAddress(), 5701);
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return getLocalSocketAddress();
    }

    @Override
    public void setSoTimeout(int timeout) {
      assertThat(timeout).isBetween(1, 2_000);
    }

    @Override
    public void shutdownInput() {
      ended = true;
    }

    @Override
    public void shutdownOutput() {
      assertThat(ended).isTrue();
    }
  }
}
