package io.claviger.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that records run in their constructors. */
public final class Check {

  private Check() {}

  /**
   * Returns the text; rejects absent or blank text.
   *
   * @throws IllegalArgumentException naming the field
   */
  public static String text(@Nullable String value, String field) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  /**
   * Returns the text; rejects text that is absent, blank, longer than {@code most}, or has control
   * characters. The text comes from outside and is shown in a terminal, where control characters
   * could move the cursor.
   *
   * @throws IllegalArgumentException naming the field
   */
  public static String text(@Nullable String value, String field, int most) {
    String present = text(value, field);
    if (present.length() > most) {
      throw new IllegalArgumentException(field + " has more than " + most + " characters");
    }
    if (present.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(field + " has control characters");
    }
    return present;
  }

  /**
   * Returns the value; rejects an absent one.
   *
   * @throws IllegalArgumentException naming the field
   */
  public static <T> T present(@Nullable T value, String field) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  /**
   * Returns an unmodifiable copy of the list; rejects one that is absent or has more than {@code
   * most} entries.
   *
   * @throws IllegalArgumentException naming the field
   */
  public static <T> List<T> list(@Nullable List<T> value, String field, int most) {
    List<T> present = List.copyOf(present(value, field));
    if (present.size() > most) {
      throw new IllegalArgumentException(field + " has more than " + most + " entries");
    }
    return present;
  }
}
