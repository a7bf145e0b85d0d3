package io.claviger.reference;

import java.util.Locale;
import java.util.Optional;

/**
 * One setting and its documentation.
 *
 * @param key complete, {@code [0]} for an element of a list
 * @param type in words
 * @param optional whether it may be absent without a default
 * @param byDefault its value when it is absent
 * @param group the optional group that it belongs to; the setting is required only when the group
 *     is set
 * @param meaning a sentence or more
 */
public record Setting(
    String key,
    String type,
    boolean optional,
    Optional<String> byDefault,
    Optional<String> group,
    String meaning) {

  /** The environment variable of this key; empty if part of the key is a free name. */
  public Optional<String> variable() {
    return key.contains("*")
        ? Optional.empty()
        : Optional.of(key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT));
  }

  /** Whether the program needs it to start. */
  public boolean required() {
    return !optional && byDefault.isEmpty() && group.isEmpty();
  }

  /** Its default, or what its absence means. */
  String standing() {
    if (byDefault.isPresent()) {
      return "`" + byDefault.get() + "`";
    }
    if (optional) {
      return "not set";
    }
    return group.map(set -> "required with `" + set + "`").orElse("**required**");
  }
}
