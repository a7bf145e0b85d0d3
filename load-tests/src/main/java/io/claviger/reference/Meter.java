package io.claviger.reference;

import java.util.List;
import java.util.Set;

/**
 * One meter, as its constant's javadoc describes it.
 *
 * @param constant what the source calls it: {@code Class.CONSTANT}
 * @param name as Prometheus shows it, without the endings of a timer or a distribution
 * @param kind of meter
 * @param tags its labels
 * @param meaning what is measured
 */
public record Meter(String constant, String name, Kind kind, List<Tag> tags, String meaning) {

  /** Kinds of meters, and what Prometheus puts behind their names. */
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
   * @param values all that it can have; empty where they are not stated
   */
  public record Tag(String name, List<Value> values) {}

  /**
   * One of a label's values.
   *
   * @param meaning may be empty
   */
  public record Value(String text, String meaning) {}

  /** Whether a series that was scraped is of this meter. */
  public boolean hasSeries(String series) {
    return kind.endings.stream().anyMatch(ending -> series.equals(name + ending));
  }
}
