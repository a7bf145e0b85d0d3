package io.claviger.reference;

import java.util.List;
import java.util.Set;

/**
 * One meter, as its constant's javadoc describes it.
 *
 * @param constant its name in the source: {@code Class.CONSTANT}
 * @param name at Prometheus, without the suffixes of a timer or a distribution
 * @param kind of meter
 * @param tags its labels
 * @param meaning what is measured
 */
public record Meter(String constant, String name, Kind kind, List<Tag> tags, String meaning) {

  /** Kinds of meters, with Prometheus's suffixes of their names. */
  public enum Kind {
    COUNTER(Set.of("")),
    GAUGE(Set.of("")),
    TIMER(Set.of("_count", "_sum", "_max")),
    DISTRIBUTION(Set.of("_count", "_sum", "_max"));

    private final Set<String> endings;

    Kind(Set<String> endings) {
      this.endings = endings;
    }
  }

  /**
   * A label.
   *
   * @param values all possible values; empty where the javadoc does not list them
   */
  public record Tag(String name, List<Value> values) {}

  /**
   * One value of a label.
   *
   * @param meaning may be empty
   */
  public record Value(String text, String meaning) {}

  /** Whether a scraped series belongs to this meter. */
  public boolean hasSeries(String series) {
    return kind.endings.stream().anyMatch(ending -> series.equals(name + ending));
  }
}
