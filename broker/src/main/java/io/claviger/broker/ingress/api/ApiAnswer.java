package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationWatch;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What an operation came to. */
sealed interface ApiAnswer {

  /** An answer without content. */
  static Done empty() {
    return new Done(new JsonObject(), null);
  }

  /** An answer that is no representation of an association's revision. */
  static Done of(JsonObject body) {
    return new Done(body, null);
  }

  /**
   * It was done.
   *
   * @param revision for the {@code ETag}; absent where the answer is not one association
   */
  record Done(JsonObject body, @Nullable Long revision) implements ApiAnswer {
    /** Shows no body: it may hold credentials. */
    @Override
    public String toString() {
      return "Done[revision=" + revision + "]";
    }
  }

  /**
   * It goes on.
   *
   * @param access what its client may be told of, looked at for every event
   */
  record Watching(AssociationWatch watch, WatchEvents events, WatchAccess access)
      implements ApiAnswer {}

  /**
   * It was not done.
   *
   * @param code AWS's error name, one of {@link ApiErrors}
   * @param message for a person
   */
  record Failed(String code, String message) implements ApiAnswer {}
}
