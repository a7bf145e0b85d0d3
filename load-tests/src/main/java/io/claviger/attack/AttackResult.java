package io.claviger.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The result of an attack.
 *
 * @param attack its name
 * @param who the attacker
 * @param tried inputs that must be refused
 * @param refused of these, in the declared way
 * @param permitted valid inputs that were permitted
 * @param others requests of other pods meanwhile
 * @param unserved of these, without credentials
 * @param p99Before 99th percentile of other pods' answer times before the attack, in milliseconds
 * @param p99During the same during the attack
 * @param broken promises that did not hold
 * @param examples of broken promises
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

  /** The heading of {@link #line()}. */
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

  /** One line of the table. */
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

  /** The broken promises as sentences; then examples. */
  public List<String> complaints() {
    List<String> all = new ArrayList<>(broken);
    all.addAll(examples);
    return all;
  }
}
