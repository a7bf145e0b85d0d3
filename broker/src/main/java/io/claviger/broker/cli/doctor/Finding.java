package io.claviger.broker.cli.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import io.claviger.schemas.Check;
import java.time.Duration;
import java.util.Locale;

/**
 * The result of a check.
 *
 * @param check the checked item
 * @param fact the observation; never a secret
 * @param fix what to do; empty when there is nothing to do
 */
public record Finding(Status status, String check, String fact, String fix) {

  /** The severity. */
  public enum Status {
    OK,
    /** The pod can get credentials, but something may break or is less safe. */
    WARN,
    /** The pod cannot get credentials. */
    FAIL,
    /** The check could not run. */
    SKIP;

    /** Returns the printed form: only {@code FAIL} is in upper case. */
    @JsonValue
    public String text() {
      return this == FAIL ? name() : name().toLowerCase(Locale.ROOT);
    }
  }

  public Finding {
    Check.present(status, "status");
    Check.text(check, "check");
    Check.text(fact, "fact");
    Check.present(fix, "fix");
  }

  static Finding ok(String check, String fact) {
    return new Finding(Status.OK, check, fact, "");
  }

  static Finding warn(String check, String fact, String fix) {
    return new Finding(Status.WARN, check, fact, fix);
  }

  static Finding fail(String check, String fact, String fix) {
    return new Finding(Status.FAIL, check, fact, fix);
  }

  static Finding skip(String check, String why) {
    return new Finding(Status.SKIP, check, why, "");
  }

  /** Formats a duration in hours, minutes or seconds. */
  static String lifetime(Duration time) {
    if (time.toHours() >= 2) {
      return time.toHours() + " h";
    }
    return time.toMinutes() >= 2 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }
}
