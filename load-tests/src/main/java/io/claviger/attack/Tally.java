package io.claviger.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The results of an attack's inputs. An input counts as refused only if it ended as declared. Valid
 * inputs are tried too, so that a server which serves nothing does not pass. Thread-safe.
 */
public final class Tally {

  /** The number of examples shown. */
  private static final int EXAMPLES = 5;

  private final List<String> examples = new ArrayList<>();
  private long tried;
  private long refused;
  private long permitted;
  private long broken;

  /**
   * Records an input that must be refused.
   *
   * @param input what was tried, without secrets
   * @param outcome the result
   * @param declared whether the result is the declared refusal
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
   * Records a valid input, which must be permitted.
   *
   * @param input what was tried, without secrets
   * @param outcome the result
   * @param served whether it was permitted
   */
  public synchronized <T> void permits(String input, T outcome, Predicate<? super T> served) {
    if (served.test(outcome)) {
      permitted++;
    } else {
      broken(input + " is valid but was not permitted: " + outcome);
    }
  }

  /** Records another broken promise; a sentence without secrets. */
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
