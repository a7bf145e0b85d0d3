package io.claviger.schemas.bus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;

/**
 * The result of opening a session, in this broker or at the owner of its key. The owner sends it as
 * the answer to {@link OpenSession}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = OpenResult.Working.class, name = "working"),
  @JsonSubTypes.Type(value = OpenResult.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = OpenResult.Denied.class, name = "denied"),
  @JsonSubTypes.Type(value = OpenResult.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = OpenResult.Changed.class, name = "changed"),
})
public sealed interface OpenResult {

  /** The session is still being opened; the requester repeats its request. */
  record Working() implements OpenResult {}

  /** The session is open. */
  record Opened(SessionCredentials credentials) implements OpenResult {
    public Opened {
      Check.present(credentials, "credentials");
    }
  }

  /** STS will not open the session until something changes. */
  record Denied(RefusalReason reason, String message) implements OpenResult {
    public Denied {
      Check.present(reason, "reason");
      Check.text(message, "message");
    }
  }

  /**
   * The session cannot be opened now.
   *
   * @param message for a person; no secret
   * @param retryAfterMillis when to retry, milliseconds; 0 if this owner cannot open the session
   *     and the requesting broker may
   */
  record Failed(String message, long retryAfterMillis) implements OpenResult {
    public Failed {
      Check.text(message, "message");
    }
  }

  /**
   * The association differs from the one in the request, so no session was opened.
   *
   * @param position of the cluster's log at which the owner saw the difference: the requester
   *     catches up to it and looks up the association again
   */
  record Changed(Position position) implements OpenResult {
    public Changed {
      Check.present(position, "position");
    }
  }
}
