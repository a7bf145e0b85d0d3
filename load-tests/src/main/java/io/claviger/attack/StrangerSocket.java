package io.claviger.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.config.lifecycle.HostPort;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * A connection of a stranger, byte by byte, in plain text or within TLS. Nothing of it blocks for
 * longer than its life: also what writes, which has no deadline of its own in Java.
 */
final class StrangerSocket implements AutoCloseable {

  /** Where strangers come from that have nothing to do with the mesh. */
  static final String STRANGER = "127.0.0.9";

  /** A member's address, and an edge's. */
  static final String MEMBER = "127.0.0.1";

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LIFE = Duration.ofSeconds(40);
  private static final ScheduledExecutorService ENDS =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("strangers-end").factory());

  private final Socket plain;
  private final long opened = System.nanoTime();
  private final Future<?> end;
  private Socket socket;
  private volatile boolean over;

  private StrangerSocket(Socket plain) {
    this.plain = plain;
    this.socket = plain;
    this.end = ENDS.schedule(this::expire, LIFE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Connects from an address of loopback. */
  static StrangerSocket open(String from, HostPort to) throws IOException {
    return open(from, to, 0);
  }

  /**
   * The same.
   *
   * @param receiveBuffer bytes that the system keeps for a reader who does not read; 0 for its own
   *     choice
   */
  static StrangerSocket open(String from, HostPort to, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(new InetSocketAddress(to.host(), to.port()), (int) CONNECT.toMillis());
      socket.setTcpNoDelay(true);
      return new StrangerSocket(socket);
    } catch (IOException e) {
      socket.close();
      throw wasClosed(e) ? e : unreached(e);
    }
  }

  /** It was connected, and the other side has closed it before this one had its turn. */
  private static boolean wasClosed(IOException failed) {
    String message = String.valueOf(failed.getMessage());
    return message.startsWith("Connection reset") || message.startsWith("Broken pipe");
  }

  /**
   * Begins TLS; fails when the handshake does.
   *
   * @param protocols the versions that are offered; all that this Java has if there are none
   */
  StrangerSocket tls(SSLContext context, String... protocols) throws IOException {
    try {
      shakeHands(context, protocols);
      return this;
    } catch (IOException e) {
      close();
      throw e instanceof SSLException failed && !isOthers(failed) ? unreached(e) : e;
    }
  }

  private void shakeHands(SSLContext context, String... protocols) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(plain, "localhost", plain.getPort(), /* autoClose= */ true);
    if (protocols.length > 0) {
      tls.setEnabledProtocols(protocols);
    }
    tls.setSoTimeout((int) CONNECT.toMillis());
    tls.startHandshake();
    socket = tls;
  }

  /** Whether the other side has ended a handshake: what this side does not like is no refusal. */
  private static boolean isOthers(SSLException failed) {
    String message = String.valueOf(failed.getMessage());
    return message.contains("Received fatal alert")
        || message.startsWith("Remote host")
        || failed.getCause() instanceof EOFException
        || failed.getCause() instanceof SocketException;
  }

  /** What fails on this side, or before anything was said, is no refusal of the other side's. */
  private static ConnectException unreached(IOException cause) {
    ConnectException unreached = new ConnectException(String.valueOf(cause.getMessage()));
    unreached.initCause(cause);
    return unreached;
  }

  /** Connects, says that, and watches how it ends. */
  static Ending exchange(String from, HostPort to, byte[] bytes, Duration within) {
    return Ending.of(
        () -> {
          try (StrangerSocket socket = open(from, to)) {
            return socket.send(bytes).ending(within);
          }
        });
  }

  /** The same of a stranger, a character a byte. */
  static Ending exchange(HostPort to, String bytes, Duration within) {
    return exchange(STRANGER, to, bytes.getBytes(ISO_8859_1), within);
  }

  /** Sends. What cannot be sent any more is seen by how the connection ended. */
  StrangerSocket send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // The other side has closed it.
    }
    return this;
  }

  /** The same, a character a byte. */
  StrangerSocket send(String bytes) {
    return send(bytes.getBytes(ISO_8859_1));
  }

  /** Sends the same again and again and reads nothing, until the other side ends it. */
  Ending push(byte[] bytes, Duration within) {
    long late = System.nanoTime() + within.toNanos();
    try {
      while (System.nanoTime() - late < 0) {
        socket.getOutputStream().write(bytes);
      }
      return new Ending.Open("");
    } catch (IOException e) {
      return ended("");
    }
  }

  /** What the other side says, as it comes. */
  InputStream input() throws IOException {
    return socket.getInputStream();
  }

  /** Has each read of {@link #input()} wait no longer than that. */
  void waits(Duration timeout) throws SocketException {
    socket.setSoTimeout((int) timeout.toMillis());
  }

  /** Exactly so many bytes. */
  byte[] read(int count, Duration within) throws IOException {
    byte[] bytes = new byte[count];
    long late = System.nanoTime() + within.toNanos();
    int read = 0;
    while (read < count) {
      socket.setSoTimeout(millisTo(late));
      int more = socket.getInputStream().read(bytes, read, count - read);
      if (more < 0) {
        throw new EOFException("it has ended after " + read + " of " + count + " bytes");
      }
      read += more;
    }
    return bytes;
  }

  /** Reads until the other side ends it, not longer than that. */
  Ending ending(Duration within) {
    long late = System.nanoTime() + within.toNanos();
    StringBuilder said = new StringBuilder();
    byte[] part = new byte[8192];
    try {
      while (true) {
        socket.setSoTimeout(millisTo(late));
        int read = socket.getInputStream().read(part);
        if (read < 0) {
          return ended(said.toString());
        }
        said.append(new String(part, 0, read, ISO_8859_1));
      }
    } catch (SocketTimeoutException e) {
      return new Ending.Open(said.toString());
    } catch (IOException e) {
      return ended(said.toString());
    }
  }

  /**
   * How it has ended. Where its life was over it has not done so by the other side, and counts as
   * open.
   *
   * @param said by the other side before
   */
  Ending ended(String said) {
    return over
        ? new Ending.Open(said)
        : new Ending.Closed(said, Duration.ofNanos(System.nanoTime() - opened));
  }

  private static int millisTo(long late) throws SocketTimeoutException {
    long left = TimeUnit.NANOSECONDS.toMillis(late - System.nanoTime());
    if (left <= 0) {
      throw new SocketTimeoutException("nobody waits any longer");
    }
    return (int) left;
  }

  int localPort() {
    return plain.getLocalPort();
  }

  private void expire() {
    over = true;
    close();
  }

  /** Below TLS, whose farewell would wait for the other side. */
  @Override
  public void close() {
    end.cancel(false);
    try {
      plain.close();
    } catch (IOException e) {
      // It is closed as far as this process can.
    }
  }
}
