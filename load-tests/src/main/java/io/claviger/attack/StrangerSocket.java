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
 * A stranger's connection for arbitrary bytes, in plain text or within TLS. No operation blocks
 * longer than the connection's lifetime, not even a write, which has no timeout in Java.
 */
final class StrangerSocket implements AutoCloseable {

  /** The address of strangers without any connection to the mesh. */
  static final String STRANGER = "127.0.0.9";

  /** The address of brokers and edges. */
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
   * The same with a receive buffer.
   *
   * @param receiveBuffer bytes that the system buffers for a client that does not read; 0 for its
   *     own choice
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

  /** Whether the other side has closed an established connection before this side could send. */
  private static boolean wasClosed(IOException failed) {
    String message = String.valueOf(failed.getMessage());
    return message.startsWith("Connection reset") || message.startsWith("Broken pipe");
  }

  /**
   * Starts TLS; fails when the handshake fails.
   *
   * @param protocols the offered versions; if empty, all of this Java runtime
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

  /** Whether the other side has ended the handshake: an error of this side is no refusal. */
  private static boolean isOthers(SSLException failed) {
    String message = String.valueOf(failed.getMessage());
    return message.contains("Received fatal alert")
        || message.startsWith("Remote host")
        || failed.getCause() instanceof EOFException
        || failed.getCause() instanceof SocketException;
  }

  /** A failure of this side, or before any byte, is no refusal by the other side. */
  private static ConnectException unreached(IOException cause) {
    ConnectException unreached = new ConnectException(String.valueOf(cause.getMessage()));
    unreached.initCause(cause);
    return unreached;
  }

  /** Connects, sends these bytes, and waits for the end. */
  static Ending exchange(String from, HostPort to, byte[] bytes, Duration within) {
    return Ending.of(
        () -> {
          try (StrangerSocket socket = open(from, to)) {
            return socket.send(bytes).ending(within);
          }
        });
  }

  /** The same from a stranger's address, one byte for each character. */
  static Ending exchange(HostPort to, String bytes, Duration within) {
    return exchange(STRANGER, to, bytes.getBytes(ISO_8859_1), within);
  }

  /** Sends bytes. If that fails, the end of the connection shows it. */
  StrangerSocket send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // The other side has closed it.
    }
    return this;
  }

  /** The same, one byte for each character. */
  StrangerSocket send(String bytes) {
    return send(bytes.getBytes(ISO_8859_1));
  }

  /**
   * Sends the same bytes repeatedly and reads nothing, until the other side closes the connection.
   */
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

  /** The other side's bytes, as they arrive. */
  InputStream input() throws IOException {
    return socket.getInputStream();
  }

  /** Limits the time of each read of {@link #input()}. */
  void waits(Duration timeout) throws SocketException {
    socket.setSoTimeout((int) timeout.toMillis());
  }

  /** Reads exactly this number of bytes. */
  byte[] read(int count, Duration within) throws IOException {
    byte[] bytes = new byte[count];
    long late = System.nanoTime() + within.toNanos();
    int read = 0;
    while (read < count) {
      socket.setSoTimeout(millisTo(late));
      int more = socket.getInputStream().read(bytes, read, count - read);
      if (more < 0) {
        throw new EOFException("the connection ended after " + read + " of " + count + " bytes");
      }
      read += more;
    }
    return bytes;
  }

  /** Reads until the other side closes the connection, at most for this time. */
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
   * The ending. If the connection's lifetime was over, the other side has not closed it, and it
   * counts as open.
   *
   * @param said bytes received before
   */
  Ending ended(String said) {
    return over
        ? new Ending.Open(said)
        : new Ending.Closed(said, Duration.ofNanos(System.nanoTime() - opened));
  }

  private static int millisTo(long late) throws SocketTimeoutException {
    long left = TimeUnit.NANOSECONDS.toMillis(late - System.nanoTime());
    if (left <= 0) {
      throw new SocketTimeoutException("the connection's time is over");
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

  /** Closes the TCP connection, because a TLS close would wait for the other side. */
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
