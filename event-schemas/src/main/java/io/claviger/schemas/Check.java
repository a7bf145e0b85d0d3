package io.claviger.schemas;

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
}
