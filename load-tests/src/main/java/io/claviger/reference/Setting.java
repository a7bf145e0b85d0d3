package io.claviger.reference;

import java.util.Locale;
import java.util.Optional;

/**
 * One setting, with all that can be said of it.
 *
 * @param key whole, {@code [0]} for an element of a list
 * @param type in words
 * @param optional whether nothing is said when it is absent and has no default
 * @param byDefault what it is when it is absent
 * @param group the optional group that it is in; it is required only when that is set
 * @param meaning a sentence or more
 */
public record Setting(
    String key,
    String type,
    boolean optional,
    Optional<String> byDefault,
    Optional<String> group,
    String meaning) {

  /** The environment variable of this key; absent where a part of the key is free. */
  public Optional<String> variable() {
    return key.contains("*")
        ? Optional.empty()
        : Optional.of(key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT));
  }

  /** Whether the program does not start without it. */
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
