package io.claviger.schemas.bus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;

/**
 * What came of opening a session, here or at the owner of its key, whose answer to {@link
 * OpenSession} it is.
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

  /** The session is still being opened: ask again. */
  record Working() implements OpenResult {}

  /** The session. */
  record Opened(SessionCredentials credentials) implements OpenResult {
    public Opened {
      Check.present(credentials, "credentials");
    }
  }

  /** STS will not open it until something changes. */
  record Denied(RefusalReason reason, String message) implements OpenResult {
    public Denied {
      Check.present(reason, "reason");
      Check.text(message, "message");
    }
  }

  /**
   * It cannot be opened now.
   *
   * @param message for a person; no secret
   * @param retryAfterMillis when to ask again, milliseconds; 0 when this owner cannot work on the
   *     key and the asking broker may
   */
  record Failed(String message, long retryAfterMillis) implements OpenResult {
    public Failed {
      Check.text(message, "message");
    }
  }

  /**
   * The association is not what the session was wanted under, so there is none.
   *
   * @param position of the cluster's log at which that was seen: the requester catches up to it and
   *     finds the association anew
   */
  record Changed(Position position) implements OpenResult {
    public Changed {
      Check.present(position, "position");
    }
  }
}
