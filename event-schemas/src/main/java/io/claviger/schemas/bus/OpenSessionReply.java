package io.claviger.schemas.bus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.claviger.schemas.Check;

/** The owner's answer to {@link OpenSession}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = OpenSessionReply.Working.class, name = "working"),
  @JsonSubTypes.Type(value = OpenSessionReply.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = OpenSessionReply.Denied.class, name = "denied"),
  @JsonSubTypes.Type(value = OpenSessionReply.Failed.class, name = "failed"),
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

  /** It cannot be opened now. */
  record Failed(String message, long retryAfterMillis) implements OpenSessionReply {
    public Failed {
      Check.text(message, "message");
    }
  }
}
