package io.claviger.schemas.association;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Which pods share one session. The session's tags name no more than these pods have in common. */
public enum TagScope {
  /** Tags name the service account: all its pods share one session. */
  SERVICE_ACCOUNT("service-account"),
  /** Tags name the pod too, exactly as those of EKS Pod Identity: one session per pod. */
  POD("pod");

  /** The association tag that chooses the scope. */
  public static final String TAG = "claviger.io/tag-scope";

  private final String text;

  TagScope(String text) {
    this.text = text;
  }

  /** Returns the text that tags and settings contain. */
  @JsonValue
  public String text() {
    return text;
  }

  /**
   * Parses the text that tags and settings contain.
   *
   * @throws IllegalArgumentException naming the values that exist
   */
  @JsonCreator
  public static TagScope of(String text) {
    for (TagScope scope : values()) {
      if (scope.text.equals(text)) {
        return scope;
      }
    }
    throw new IllegalArgumentException(TAG + " must be service-account or pod, not '" + text + "'");
  }
}
