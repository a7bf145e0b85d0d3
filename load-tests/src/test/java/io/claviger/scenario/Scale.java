package io.claviger.scenario;

import io.claviger.launcher.AotTraining;

/** How much of the scenarios a run of the tests does: the tier, the length and the programs. */
public final class Scale {

  /** Whether a run does one fault, attack and load of each kind only: {@code test --ci}. */
  public static final boolean SAMPLE = Boolean.getBoolean("claviger.scenarios.sample");

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
