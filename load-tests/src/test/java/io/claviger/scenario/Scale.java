package io.claviger.scenario;

/** How long a scenario goes on: briefly in each run, at full length when somebody asks for it. */
final class Scale {

  /** {@code -Dclaviger.scenarios.full=true}. */
  static final boolean FULL = Boolean.getBoolean("claviger.scenarios.full");

  private Scale() {}

  static int of(int brief, int full) {
    return FULL ? full : brief;
  }
}
