package io.claviger.fault;

import io.claviger.checker.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The results of a fault.
 *
 * @param fault its name
 * @param answers single requests of pods to the edge of their own node, without retries
 * @param unavailable of these, answered 503
 * @param unanswered of these, without an answer
 * @param refused of these, answered with something else than credentials or 503
 * @param foreign requests with tokens of another node's pods
 * @param fetches by the AWS SDKs, including their retries
 * @param failed of these, given up by the SDK
 * @param millis percentiles of the single requests' times in milliseconds, from when each was due
 * @param changes of roles that were acknowledged
 * @param assumeRole calls of AssumeRole since the fault began
 * @param toTheLast from the start of the fault's end until the last request that was not served
 * @param violations number of answers by broken rule
 * @param examples of violations, and of fetches that failed
 * @param broken promises that did not hold
 */
public record FaultResult(
    String fault,
    long answers,
    long unavailable,
    long unanswered,
    long refused,
    long foreign,
    long fetches,
    long failed,
    Map<String, Double> millis,
    long changes,
    long assumeRole,
    Duration toTheLast,
    Map<Violation.Kind, Long> violations,
    List<String> examples,
    List<String> broken) {

  public FaultResult {
    millis = Map.copyOf(millis);
    violations = Map.copyOf(violations);
    examples = List.copyOf(examples);
    broken = List.copyOf(broken);
  }

  /** The heading of {@link #line()}. */
  public static String head() {
    return String.format(
        Locale.ROOT,
        "%-18s %-7s %9s %8s %6s %6s %8s %6s %8s %8s %8s %8s %8s %7s",
        "fault",
        "",
        "requests",
        "foreign",
        "503",
        "none",
        "SDK",
        "failed",
        "p50 ms",
        "p99 ms",
        "longest",
        "changes",
        "STS",
        "until s");
  }

  /** One line of the table. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "%-18s %-7s %9d %8d %6d %6d %8d %6d %8.1f %8.1f %8.0f %8d %8d %7.1f",
        fault,
        broken.isEmpty() ? "held" : "BROKEN",
        answers,
        foreign,
        unavailable,
        unanswered,
        fetches,
        failed,
        millis.getOrDefault("p50", 0.0),
        millis.getOrDefault("p99", 0.0),
        millis.getOrDefault("max", 0.0),
        changes,
        assumeRole,
        toTheLast.toMillis() / 1e3);
  }

  /**
   * The broken promises as sentences; then examples, including those that a quick run tolerates.
   */
  public List<String> complaints() {
    List<String> all = new ArrayList<>(broken);
    new TreeMap<>(violations).forEach((kind, count) -> all.add(count + " answers: " + kind));
    all.addAll(examples);
    return all;
  }
}
