package io.claviger.config.trust;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Optional;

/**
 * The signing time in a request: {@code X-Amz-Date}.
 *
 * @param text {@code yyyyMMdd'T'HHmmss'Z'}, as it is signed
 * @param instant the same time
 */
public record AmzDate(String text, Instant instant) {

  /** The permitted difference between the clocks of signer and verifier: five minutes. */
  public static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private static final int DAY_CHARACTERS = 8;
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
          .withResolverStyle(ResolverStyle.STRICT)
          .withZone(ZoneOffset.UTC);

  /**
   * Reads a date.
   *
   * @throws IllegalArgumentException if the text is no such date
   */
  public static AmzDate parse(String text) {
    try {
      return new AmzDate(text, FORMAT.parse(text, Instant::from));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "Date must be in ISO-8601 'basic format', as in 20261124T183319Z.", e);
    }
  }

  /** Whether a credential scope's date is this day. */
  public boolean isOn(String date) {
    return date.length() == DAY_CHARACTERS && text.startsWith(date);
  }

  /**
   * Returns why a signature of this date is not valid now, in AWS's words; empty if it is valid.
   *
   * @param life how long after its date a signature expires; {@link #CLOCK_SKEW} unless the request
   *     specifies more
   */
  public Optional<String> notInForce(Instant now, Duration life) {
    if (instant.isBefore(now.minus(life))) {
      return Optional.of(
          "Signature expired: " + text + " is now earlier than " + bound(now, life.negated()));
    }
    if (instant.isAfter(now.plus(CLOCK_SKEW))) {
      return Optional.of(
          "Signature not yet current: " + text + " is still later than " + bound(now, CLOCK_SKEW));
    }
    return Optional.empty();
  }

  private static String bound(Instant now, Duration by) {
    Duration length = by.abs();
    return FORMAT.format(now.plus(by))
        + " ("
        + FORMAT.format(now)
        + (by.isNegative() ? " - " : " + ")
        + (length.toSecondsPart() == 0
            ? length.toMinutes() + " min.)"
            : length.toSeconds() + " s)");
  }
}
