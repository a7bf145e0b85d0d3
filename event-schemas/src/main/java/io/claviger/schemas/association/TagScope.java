package io.claviger.schemas.association;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Which pods share one session, by what the session's tags say. */
public enum TagScope {
  /** Tags name the service account: all its pods share one session. */
  SERVICE_ACCOUNT("service-account"),
  /** Tags name the pod too, exactly as EKS Pod Identity's do: one session a pod. */
  POD("pod");

  /** The association tag that chooses the scope. */
  public static final String TAG = "claviger.io/tag-scope";

  private final String text;

  TagScope(String text) {
    this.text = text;
  }

  /** As it is written in tags and settings. */
  @JsonValue
  public String text() {
    return text;
  }

  /**
   * Reads a scope as it is written in tags and settings.
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
