package io.claviger.stsfake;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a call's parameters and says it in one answer, in STS's words. */
final class Constraints {

  private final List<String> violations = new ArrayList<>();

  /** The value, which must be there; empty when it is not, which is then a violation. */
  String required(@Nullable String value, String member) {
    if (value == null) {
      violate(null, member, "Member must not be null");
      return "";
    }
    return value;
  }

  void length(@Nullable String value, String member, int least, int most) {
    if (value == null) {
      return;
    }
    if (value.length() < least) {
      violate(value, member, "Member must have length greater than or equal to " + least);
    }
    if (value.length() > most) {
      violate(value, member, "Member must have length less than or equal to " + most);
    }
  }

  void pattern(@Nullable String value, String member, Pattern pattern) {
    if (value != null && !pattern.matcher(value).matches()) {
      violate(value, member, "Member must satisfy regular expression pattern: " + pattern);
    }
  }

  void count(int count, String member, int most) {
    if (count > most) {
      violate(
          "[" + count + " members]",
          member,
          "Member must have length less than or equal to " + most);
    }
  }

  void range(int value, String member, int least, int most) {
    if (value < least) {
      violate("" + value, member, "Member must have value greater than or equal to " + least);
    }
    if (value > most) {
      violate("" + value, member, "Member must have value less than or equal to " + most);
    }
  }

  /** Ends the call when anything was wrong. */
  void check() {
    if (!violations.isEmpty()) {
      int count = violations.size();
      throw new StsRefusal(
          QueryError.validation(
              count
                  + (count == 1 ? " validation error detected: " : " validation errors detected: ")
                  + String.join("; ", violations)));
    }
  }

  private void violate(@Nullable String value, String member, String constraint) {
    violations.add(
        "Value "
            + (value == null ? "null" : "'" + value + "'")
            + " at '"
            + member
            + "' failed to satisfy constraint: "
            + constraint);
  }
}
