package io.claviger.attack;

/**
 * An attack that a mesh has to withstand.
 *
 * @param name for the command line
 * @param who the attacker: the first column of its row in docs/threat-model.md
 * @param what the inputs, in one line
 * @param action tries every input
 */
public record Attack(String name, String who, String what, Action action) {

  /** An action on a mesh; may block. */
  @FunctionalInterface
  public interface Action {
    /** Tries each input, and reports the result of each. */
    void on(Target target, Tally tally) throws InterruptedException;
  }
}
