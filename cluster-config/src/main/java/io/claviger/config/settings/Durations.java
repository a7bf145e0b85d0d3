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
   * Reads a duration.
   *
   * @throws IllegalArgumentException saying how to write it
   */
  public static Duration parse(String text) {
    Validated<Duration> duration = DurationValidator.validate("duration", text.trim());
    if (!duration.isValid()) {
      throw new IllegalArgumentException(
          "not a duration like 350ms, 8s, 10m or 1h: '" + text + "'");
    }
    return duration.get();
  }
}
