package io.claviger.broker.identity;

import java.util.Locale;

/** When a token is believed without its cluster's word. */
public enum ReviewPolicy {
  /** Never. */
  REQUIRED,
  /** While the cluster cannot be asked; that is counted. */
  PREFERRED,
  /** Always: the cluster is not asked. */
  OFF;

  /**
   * The policy of a setting's text: {@code required}, {@code preferred} or {@code off}.
   *
   * @throws IllegalArgumentException when it is another text
   */
  public static ReviewPolicy of(String text) {
    for (ReviewPolicy policy : values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(text)) {
        return policy;
      }
    }
    throw new IllegalArgumentException("not required, preferred or off: '" + text + "'");
  }
}
