package io.claviger.schemas.bus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;

/** The owner's answer to {@link OpenSession}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = OpenSessionReply.Working.class, name = "working"),
  @JsonSubTypes.Type(value = OpenSessionReply.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = OpenSessionReply.Denied.class, name = "denied"),
  @JsonSubTypes.Type(value = OpenSessionReply.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = OpenSessionReply.Changed.class, name = "changed"),
})
public sealed interface OpenSessionReply {

  /** The session is being opened: ask again. */
  record Working() implements OpenSessionReply {}

  /** The session. */
  record Opened(SessionCredentials credentials) implements OpenSessionReply {
    public Opened {
      Check.present(credentials, "credentials");
    }
  }

  /** STS will not open it until something changes. */
  record Denied(RefusalReason reason, String message) implements OpenSessionReply {
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
  record Failed(String message, long retryAfterMillis) implements OpenSessionReply {
    public Failed {
      Check.text(message, "message");
    }
  }

  /**
   * The owner's table has another association, or none, in place of the key's.
   *
   * @param position of the cluster's log at which the owner read it: the asking broker catches up
   *     to it and finds the association anew
   */
  record Changed(Position position) implements OpenSessionReply {
    public Changed {
      Check.present(position, "position");
    }
  }
}
