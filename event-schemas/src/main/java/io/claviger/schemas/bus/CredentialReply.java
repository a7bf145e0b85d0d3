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
   * The session's credentials.
   *
   * @param workload the workload that the token names, verified by the broker
   * @param tokenExpires when the token expires
   * @param sharedBy which pods may share this session
   * @param associationId the association that gives the role
   * @param revision of the association
   * @param position of the cluster's log at which the broker answered
   * @param credentials of the session
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
   * Refused until something changes.
   *
   * @param reason the class of the refusal
   * @param message for a person: what is wrong and what to do; no secret
   * @param workload the workload that the token names; absent if the token could not be verified
   * @param position of the cluster's log at which the broker answered
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
   * The broker has no answer now. A retry, or another broker, may succeed.
   *
   * @param message for a person; no secret
   * @param retryAfterMillis when to retry at this broker, milliseconds; 0 if the edge should try
   *     another broker at once, which may have newer data
   */
  record Unavailable(String message, long retryAfterMillis) implements CredentialReply {
    public Unavailable {
      Check.text(message, "message");
    }
  }
}
