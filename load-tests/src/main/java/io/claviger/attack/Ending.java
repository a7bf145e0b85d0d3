package io.claviger.attack;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * The end of a stranger's connection. The received bytes are not shown, because they may contain a
 * session.
 */
sealed interface Ending {

  /** The record type of a TLS alert, which a server sends when it gives up a handshake. */
  char ALERT = 0x15;

  /** The head of a record, and an alert's level and description. */
  int ALERT_BYTES = 7;

  /**
   * The other side has closed the connection.
   *
   * @param said bytes received before, one character each
   * @param after the connection's duration
   */
  record Closed(String said, Duration after) implements Ending {
    @Override
    public String toString() {
      return "closed after %d ms and %d bytes".formatted(after.toMillis(), said.length());
    }
  }

  /**
   * The connection was still open when the wait ended.
   *
   * @param said bytes received so far
   */
  record Open(String said) implements Ending {
    @Override
    public String toString() {
      return "still open after " + said.length() + " bytes";
    }
  }

  /** The connection was not established. */
  record Unreached(String why) implements Ending {}

  /** An attempt that ends. */
  @FunctionalInterface
  interface Attempt {
    /** Runs it. */
    Ending run() throws IOException;
  }

  /** The ending, also after a failure such as one during the handshake. */
  static Ending of(Attempt attempt) {
    long began = System.nanoTime();
    try {
      return attempt.run();
    } catch (ConnectException e) {
      return new Unreached(String.valueOf(e.getMessage()));
    } catch (SocketTimeoutException e) {
      return new Open("");
    } catch (IOException e) {
      return new Closed("", Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** The received bytes. */
  default String said() {
    return switch (this) {
      case Closed(var said, var after) -> said;
      case Open(var said) -> said;
      case Unreached unreached -> "";
    };
  }

  /** Whether nothing was received, except possibly a TLS alert. */
  static boolean isNothing(String said) {
    return said.isEmpty() || (said.charAt(0) == ALERT && said.length() <= ALERT_BYTES);
  }

  /** Closed in time by the other side without a byte, except possibly a TLS alert. */
  static Predicate<Ending> closedWithin(Duration latest) {
    return closedBetween(Duration.ZERO, latest);
  }

  /** The same, and not earlier than that. */
  static Predicate<Ending> closedBetween(Duration earliest, Duration latest) {
    return ending ->
        ending instanceof Closed(var said, var after)
            && isNothing(said)
            && after.compareTo(earliest) >= 0
            && after.compareTo(latest) <= 0;
  }
}
