package io.claviger.broker.association;

import io.claviger.schemas.Check;

/** A pattern as in IAM policies: {@code *} matches any text, {@code ?} any one character. */
public record NamePattern(String text) {

  private static final int NONE = -1;

  public NamePattern {
    Check.text(text, "pattern");
  }

  /**
   * Returns whether the pattern matches a name. Takes time of at most the product of both lengths.
   */
  public boolean matches(String name) {
    int at = 0;
    int star = NONE;
    int resume = 0;
    for (int i = 0; i < name.length(); ) {
      int wanted = at < text.length() ? text.charAt(at) : NONE;
      if (wanted == '*') {
        star = at++;
        resume = i;
      } else if (wanted == '?' || wanted == name.charAt(i)) {
        at++;
        i++;
      } else if (star != NONE) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    return text.substring(at).chars().allMatch(rest -> rest == '*');
  }
}
