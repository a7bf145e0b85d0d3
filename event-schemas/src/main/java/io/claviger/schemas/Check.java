package io.claviger.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checks that records make of themselves. */
public final class Check {

  private Check() {}

  /**
   * The text, which must not be absent or blank.
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
   * The text, which must not be absent or blank, nor longer than this, nor hold what moves a
   * terminal's cursor: it is somebody else's, and a person will read it.
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
   * The value, which must not be absent.
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
   * The list, unmodifiable, which must not be absent, nor longer than this.
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
