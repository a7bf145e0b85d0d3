package io.claviger.config.settings;

import io.micrometer.core.instrument.config.validate.DurationValidator;
import io.micrometer.core.instrument.config.validate.Validated;
import java.time.Duration;

/**
 * Durations as people write them: {@code 350ms}, {@code 8s}, {@code 10m}, {@code 1h}, or ISO 8601.
 */
public final class Durations {

  private Durations() {}

  /**
   * Reads a duration; a leading sign makes it negative.
   *
   * @throws IllegalArgumentException with the accepted format
   */
  public static Duration parse(String text) {
    String unsigned = text.strip();
    boolean negative = unsigned.startsWith("-");
    if (negative) {
      unsigned = unsigned.substring(1);
    }
    Validated<Duration> duration = DurationValidator.validate("duration", unsigned);
    if (!duration.isValid() || duration.get() == null || duration.get().isNegative()) {
      throw new IllegalArgumentException(
          "not a duration like 350ms, 8s, 10m or 1h: '" + text + "'");
    }
    return negative ? duration.get().negated() : duration.get();
  }
}
