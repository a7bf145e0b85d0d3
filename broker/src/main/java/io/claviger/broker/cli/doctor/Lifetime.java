package io.claviger.broker.cli.doctor;

import java.time.Duration;

/** How long something lives, as people say it. */
final class Lifetime {

  private Lifetime() {}

  static String text(Duration time) {
    if (time.toHours() >= 2) {
      return time.toHours() + " h";
    }
    return time.toMinutes() >= 2 ? time.toMinutes() + " min" : time.toSeconds() + " s";
  }
}
