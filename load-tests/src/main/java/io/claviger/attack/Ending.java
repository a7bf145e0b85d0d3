package io.claviger.attack;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Predicate;

/** How a stranger's connection ended. What was said on it is not shown: it may hold a session. */
sealed interface Ending {

  /** The record type of a TLS alert: what a server says of a handshake that it gives up. */
  char ALERT = 0x15;

  /** The head of a record, and an alert's level and description. */
  int ALERT_BYTES = 7;

  /**
   * The other side has ended it.
   *
   * @param said by the other side before, a character a byte
   * @param after it was opened
   */
  record Closed(String said, Duration after) implements Ending {
    @Override
    public String toString() {
      return "closed after %d ms and %d bytes".formatted(after.toMillis(), said.length());
    }
  }

  /**
   * It had not ended when nobody waited any longer.
   *
   * @param said by the other side so far
   */
  record Open(String said) implements Ending {
    @Override
    public String toString() {
      return "still open after " + said.length() + " bytes";
    }
  }

  /** It was never made. */
  record Unreached(String why) implements Ending {}

  /** Something that ends. */
  @FunctionalInterface
  interface Attempt {
    /** Tries it. */
    Ending run() throws IOException;
  }

  /** How it ended, also where it ended by a failure: before the handshake was over, say. */
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

  /** What the other side said. */
  default String said() {
    return switch (this) {
      case Closed(var said, var after) -> said;
      case Open(var said) -> said;
      case Unreached unreached -> "";
    };
  }

  /** Whether nothing was said, but perhaps an alert of TLS. */
  static boolean isNothing(String said) {
    return said.isEmpty() || (said.charAt(0) == ALERT && said.length() <= ALERT_BYTES);
  }

  /** Closed by the other side without a byte, but perhaps an alert of TLS, not later than that. */
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
