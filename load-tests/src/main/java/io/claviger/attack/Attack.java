package io.claviger.attack;

/**
 * What somebody tries at a mesh that does not let him.
 *
 * @param name as it is called by
 * @param who tries it: the first column of the row of docs/threat-model.md
 * @param what one line for a person
 * @param action tries every input of it
 */
public record Attack(String name, String who, String what, Action action) {

  /** Done to a mesh; may block. */
  @FunctionalInterface
  public interface Action {
    /** Tries each input, and says what became of each. */
    void on(Target target, Tally tally) throws InterruptedException;
  }
}
