package io.claviger.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What became of the inputs of an attack. An input counts as refused only when it ended as it is
 * declared to; what is right is tried too, so that nothing counts as refused because nothing is
 * served at all. Thread-safe.
 */
public final class Tally {

  /** So many are shown. */
  private static final int EXAMPLES = 5;

  private final List<String> examples = new ArrayList<>();
  private long tried;
  private long refused;
  private long permitted;
  private long broken;

  /**
   * An input that must be refused.
   *
   * @param input what was tried, without secrets
   * @param outcome what became of it
   * @param declared whether it is refused by that, in the declared way
   */
  public synchronized <T> void refuses(String input, T outcome, Predicate<? super T> declared) {
    tried++;
    if (declared.test(outcome)) {
      refused++;
    } else {
      broken(input + ": " + outcome);
    }
  }

  /**
   * What must be permitted, beside what is refused.
   *
   * @param input what was tried, without secrets
   * @param outcome what became of it
   * @param served whether it was permitted
   */
  public synchronized <T> void permits(String input, T outcome, Predicate<? super T> served) {
    if (served.test(outcome)) {
      permitted++;
    } else {
      broken(input + " is right and was not permitted: " + outcome);
    }
  }

  /** Something else that must not be; a sentence without secrets. */
  public synchronized void broken(String sentence) {
    broken++;
    if (examples.size() < EXAMPLES) {
      examples.add(sentence);
    }
  }

  synchronized long tried() {
    return tried;
  }

  synchronized long refused() {
    return refused;
  }

  synchronized long permitted() {
    return permitted;
  }

  synchronized long broken() {
    return broken;
  }

  synchronized List<String> examples() {
    return List.copyOf(examples);
  }
}
