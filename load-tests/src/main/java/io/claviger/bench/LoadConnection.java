package io.claviger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the load generator, with one request at a time. It can connect again and reuses
 * its buffers. On the loop's thread only.
 */
final class LoadConnection {

  /** Status of a request without an answer: the connection failed or was closed. */
  static final int BROKEN = -1;

  /** Status of a request without an answer within the timeout. */
  static final int SILENT = 0;

  private static final String HOST = "127.0.0.1";
  private static final byte[] BEFORE_TOKEN =
      ("GET /v1/credentials HTTP/1.1\r\nHost: " + HOST + "\r\nAuthorization: ")
          .getBytes(ISO_8859_1);
  private static final byte[] KEPT = "\r\n\r\n".getBytes(ISO_8859_1);
  private static final byte[] CLOSED = "\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1);
  private static final String LENGTH = "\ncontent-length:";
  private static final String KEY = "\"AccessKeyId\":\"";

  /**
   * Tokens and answers are smaller. The buffers are small because a stalled server causes thousands
   * of connections.
   */
  private static final int BUFFER_BYTES = 4 * 1024;

  /** No edge sends a larger answer. */
  private static final int MAX_ANSWER_BYTES = 64 * 1024;

  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int UNKNOWN = -1;

  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  /** Values in each of the last two bytes of an address. */
  private static final int ADDRESSES = 250;

  private final Selector selector;
  private final int port;
  private final boolean kept;
  private final LoadLoop loop;
  private ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private @Nullable SocketChannel channel;
  private boolean waiting;
  private long number;
  private long due;
  private int scanned;
  private int end = UNKNOWN;

  /**
   * A connection that is not open yet.
   *
   * @param kept whether it is reused after an answer
   */
  LoadConnection(Selector selector, int port, boolean kept, LoadLoop loop) {
    this.selector = selector;
    this.port = port;
    this.kept = kept;
    this.loop = loop;
  }

  int port() {
    return port;
  }

  long number() {
    return number;
  }

  long due() {
    return due;
  }

  /** Whether a request is in flight. */
  boolean isWaiting() {
    return waiting;
  }

  /** Sends a request; connects first if necessary. */
  void ask(byte[] token, long requestNumber, long dueNanos) {
    number = requestNumber;
    due = dueNanos;
    waiting = true;
    scanned = 0;
    end = UNKNOWN;
    in.clear();
    int length = BEFORE_TOKEN.length + token.length + CLOSED.length;
    if (out.capacity() < length) {
      out = ByteBuffer.allocateDirect(length);
    }
    out.clear().put(BEFORE_TOKEN).put(token).put(kept ? KEPT : CLOSED).flip();
    try {
      SocketChannel open = channel;
      if (open == null) {
        connect();
      } else {
        write(open);
      }
    } catch (IOException e) {
      end(BROKEN);
    }
  }

  private void connect() throws IOException {
    SocketChannel fresh = SocketChannel.open();
    channel = fresh;
    fresh.configureBlocking(false);
    fresh.socket().setTcpNoDelay(true);
    if (!kept && LINUX) {
      fresh.bind(podAddress(number));
    }
    boolean connected =
        fresh.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    fresh.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    if (connected) {
      write(fresh);
    }
  }

  /**
   * The client address. Pods have addresses of their own, and edges count connections by address.
   * On Linux all of 127.0.0.0/8 is loopback; elsewhere all connections have one address.
   */
  private static InetSocketAddress podAddress(long number) throws IOException {
    byte[] address = {
      127, 1, (byte) (number / ADDRESSES % ADDRESSES), (byte) (1 + number % ADDRESSES)
    };
    return new InetSocketAddress(InetAddress.getByAddress(address), 0);
  }

  /** A request is smaller than the system's buffer. */
  private void write(SocketChannel open) throws IOException {
    open.write(out);
    if (out.hasRemaining()) {
      end(BROKEN);
    }
  }

  /** Continues when the system reports the channel as ready. */
  void ready(SelectionKey key) {
    SocketChannel open = channel;
    if (open == null) {
      return;
    }
    try {
      if (key.isConnectable()) {
        open.finishConnect();
        open.register(selector, SelectionKey.OP_READ, this);
        write(open);
      } else if (open.read(in) < 0 || !waiting) {
        end(BROKEN);
      } else if (isWhole()) {
        end(status());
      } else if (!in.hasRemaining()) {
        grow();
      }
    } catch (IOException e) {
      end(BROKEN);
    }
  }

  private void grow() {
    if (in.capacity() >= MAX_ANSWER_BYTES) {
      end(BROKEN);
    } else {
      in = ByteBuffer.allocateDirect(2 * in.capacity()).put(in.flip());
    }
  }

  private boolean isWhole() {
    for (; end == UNKNOWN && scanned + KEPT.length <= in.position(); scanned++) {
      if (in.get(scanned) == '\r' && in.get(scanned + 1) == '\n' && in.get(scanned + 2) == '\r') {
        end = scanned + KEPT.length + bodyLength(scanned);
      }
    }
    return end != UNKNOWN && in.position() >= end;
  }

  /** An answer without a length counts as one without a body, and so without credentials. */
  private int bodyLength(int headEnd) {
    for (int at = STATUS_AT; at + LENGTH.length() < headEnd; at++) {
      if (in.get(at) == '\n' && isLength(at)) {
        int length = 0;
        for (int digit = at + LENGTH.length(); digit < headEnd && in.get(digit) != '\r'; digit++) {
          if (in.get(digit) != ' ') {
            length = length * 10 + in.get(digit) - '0';
          }
        }
        return length;
      }
    }
    return 0;
  }

  private boolean isLength(int at) {
    for (int i = 0; i < LENGTH.length(); i++) {
      if (Character.toLowerCase((char) in.get(at + i)) != LENGTH.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int status() {
    return 100 * digit(STATUS_AT) + 10 * digit(STATUS_AT + 1) + digit(STATUS_AT + 2);
  }

  private int digit(int at) {
    return in.get(at) - '0';
  }

  /** The access key id of the answer that has just ended; empty if it has none. */
  String accessKeyId() {
    byte[] bytes = new byte[in.position()];
    in.get(0, bytes);
    String text = new String(bytes, ISO_8859_1);
    int at = text.indexOf(KEY);
    int close = at < 0 ? -1 : text.indexOf('"', at + KEY.length());
    return close < 0 ? "" : text.substring(at + KEY.length(), close);
  }

  /** Ends the request, if any. Closes the connection unless it is kept. */
  void end(int status) {
    if (!kept || status <= 0) {
      close();
    }
    if (waiting) {
      waiting = false;
      loop.ended(this, status);
    }
  }

  void close() {
    SocketChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // The channel is not used any more.
      }
    }
  }
}
