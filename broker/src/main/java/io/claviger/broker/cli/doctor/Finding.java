package io.claviger.broker.cli.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import io.claviger.schemas.Check;
import java.time.Duration;
import java.util.Locale;

/**
 * What a check found.
 *
 * @param check what was looked at
 * @param fact what is so; no secret
 * @param fix what to do about it; empty where nothing is to be done
 */
public record Finding(Status status, String check, String fact, String fix) {

  /** How bad it is. */
  public enum Status {
    OK,
    /** Credentials are not concerned, or not now. */
    WARN,
    /** Credentials are not to be had like this. */
    FAIL,
    /** It could not be looked at. */
    SKIP;

    /** As it is printed: only what has failed is loud. */
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

  /** How long something lives, as people say it. */
  static String lifetime(Duration time) {
    if (time.toHours() >= 2) {
      return time.toHours() + " h";
    }
    return time.toMinutes() >= 2 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }
}
