package io.claviger.scenario;

import io.claviger.launcher.AotTraining;

/** The scale of a test run's scenarios: the tier, the length and the programs. */
public final class Scale {

  /** Whether the run has only one fault, attack and load of each kind: {@code test --ci}. */
  public static final boolean SAMPLE = Boolean.getBoolean("claviger.scenarios.sample");

  /** Whether scenarios have their full length: {@code -Dclaviger.scenarios.full=true}. */
  static final boolean FULL = Boolean.getBoolean("claviger.scenarios.full");

  /** Whether programs have ahead-of-time caches; without them a run starts sooner. */
  private static final boolean TRAINED =
      Boolean.parseBoolean(System.getProperty("claviger.scenarios.trained", "true"));

  private Scale() {}

  /** Creates missing ahead-of-time caches, if the run uses them. */
  public static void train() {
    if (TRAINED) {
      AotTraining.trainIfNeeded(line -> {});
    }
  }

  static int of(int brief, int full) {
    return FULL ? full : brief;
  }
}
