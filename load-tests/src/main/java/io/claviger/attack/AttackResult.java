package io.claviger.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came of an attack.
 *
 * @param attack its name
 * @param who tried it
 * @param tried inputs that have to be refused
 * @param refused of these, in the declared way
 * @param permitted inputs that were right, and were let through
 * @param others requests of other pods meanwhile
 * @param unserved of these, without credentials
 * @param p99Before milliseconds within which 99 of 100 other pods had an answer before
 * @param p99During the same while it was tried
 * @param broken what was promised and did not hold
 * @param examples of that
 */
public record AttackResult(
    String attack,
    String who,
    long tried,
    long refused,
    long permitted,
    long others,
    long unserved,
    double p99Before,
    double p99During,
    List<String> broken,
    List<String> examples) {

  public AttackResult {
    broken = List.copyOf(broken);
    examples = List.copyOf(examples);
  }

  /** The head of {@link #line()}. */
  public static String head() {
    return String.format(
        Locale.ROOT,
        "%-26s %-7s %7s %8s %10s %8s %9s %12s %12s",
        "attack",
        "",
        "tried",
        "refused",
        "permitted",
        "others",
        "unserved",
        "p99 before",
        "p99 during");
  }

  /** A line of a table. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "%-26s %-7s %7d %8d %10d %8d %9d %12.1f %12.1f",
        attack,
        broken.isEmpty() ? "held" : "BROKEN",
        tried,
        refused,
        permitted,
        others,
        unserved,
        p99Before,
        p99During);
  }

  /** What did not hold, in sentences; then examples. */
  public List<String> complaints() {
    List<String> all = new ArrayList<>(broken);
    all.addAll(examples);
    return all;
  }
}
