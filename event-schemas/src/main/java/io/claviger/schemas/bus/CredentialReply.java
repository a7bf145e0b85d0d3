package io.claviger.schemas.bus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.claviger.schemas.Check;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A broker's answer to a {@link CredentialRequest}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CredentialReply.Issued.class, name = "issued"),
  @JsonSubTypes.Type(value = CredentialReply.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = CredentialReply.Unavailable.class, name = "unavailable"),
})
public sealed interface CredentialReply {

  /**
   * Here they are.
   *
   * @param workload whom the token names, verified by the broker
   * @param tokenExpires when the token ends
   * @param sharedBy which pods may share this session
   * @param associationId the association that gives the role
   * @param revision of the association
   * @param position of the cluster's log that the answer was made at
   * @param credentials the session's
   */
  record Issued(
      WorkloadIdentity workload,
      Instant tokenExpires,
      TagScope sharedBy,
      String associationId,
      long revision,
      Position position,
      SessionCredentials credentials)
      implements CredentialReply {
    public Issued {
      Check.present(workload, "workload");
      Check.present(tokenExpires, "tokenExpires");
      Check.present(sharedBy, "sharedBy");
      Check.text(associationId, "associationId");
      Check.present(position, "position");
      Check.present(credentials, "credentials");
    }
  }

  /**
   * No, until something changes.
   *
   * @param reason the class of the refusal
   * @param message for a person: what is wrong and what to do; no secret
   * @param workload whom the token names; absent when it could not be verified
   * @param position of the cluster's log that the answer was made at
   */
  record Refused(
      RefusalReason reason, String message, @Nullable WorkloadIdentity workload, Position position)
      implements CredentialReply {
    public Refused {
      Check.present(reason, "reason");
      Check.text(message, "message");
      Check.present(position, "position");
    }
  }

  /**
   * Not now: asking again, or asking another broker, may succeed.
   *
   * @param message for a person; no secret
   * @param retryAfterMillis when to ask this broker again, milliseconds; 0 when another may know
   *     more, and is to be asked at once
   */
  record Unavailable(String message, long retryAfterMillis) implements CredentialReply {
    public Unavailable {
      Check.text(message, "message");
    }
  }
}
