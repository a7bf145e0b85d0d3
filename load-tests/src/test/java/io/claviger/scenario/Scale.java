package io.claviger.scenario;

import io.claviger.launcher.AotTraining;

/** What a run of the tests asks of scenarios: how long they go on, and of which programs. */
public final class Scale {

  /** At full length, not briefly: {@code -Dclaviger.scenarios.full=true}. */
  static final boolean FULL = Boolean.getBoolean("claviger.scenarios.full");

  /** Not where a person waits: a cold mesh serves too. */
  private static final boolean TRAINED =
      Boolean.parseBoolean(System.getProperty("claviger.scenarios.trained", "true"));

  private Scale() {}

  /** Makes the ahead-of-time caches, where they are wanted and missing. */
  public static void train() {
    if (TRAINED) {
      AotTraining.trainIfNeeded(line -> {});
    }
  }

  static int of(int brief, int full) {
    return FULL ? full : brief;
  }
}
