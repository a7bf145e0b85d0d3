package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationWatch;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The outcome of an operation. */
sealed interface ApiAnswer {

  /** Returns an answer without content. */
  static Done empty() {
    return new Done(new JsonObject(), null);
  }

  /** Returns an answer without a revision. */
  static Done of(JsonObject body) {
    return new Done(body, null);
  }

  /**
   * The operation succeeded.
   *
   * @param revision for the {@code ETag}; null if the answer is not one association
   */
  record Done(JsonObject body, @Nullable Long revision) implements ApiAnswer {
    /** Omits the body, which may hold credentials. */
    @Override
    public String toString() {
      return "Done[revision=" + revision + "]";
    }
  }

  /**
   * The answer is a watch.
   *
   * @param access the client's access, checked for each event
   */
  record Watching(AssociationWatch watch, WatchEvents events, WatchAccess access)
      implements ApiAnswer {}

  /**
   * The operation failed.
   *
   * @param code AWS's error name, one of {@link ApiErrors}
   * @param message the message for the client
   */
  record Failed(String code, String message) implements ApiAnswer {}
}
