package io.claviger.schemas.association;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import io.claviger.schemas.Check;
import java.time.Instant;

/**
 * How a command was decided: a record of {@link Topics#OUTCOMES}, keyed by {@code
 * cluster/clientRequestToken}. It is the answer's way back and the store of idempotency.
 *
 * @param version of this record's format; 1
 * @param cluster the registered name of the Kubernetes cluster
 * @param clientRequestToken of the command
 * @param inputHash SHA-256 of actor and operation, hexadecimal: the same token with another input
 *     is refused
 * @param decidedAt when it was decided
 * @param result accepted or refused
 * @param position of the cluster's log after the decision
 */
public record AssociationOutcome(
    int version,
    String cluster,
    String clientRequestToken,
    String inputHash,
    Instant decidedAt,
    Result result,
    Position position) {

  public AssociationOutcome {
    Check.text(cluster, "cluster");
    Check.text(clientRequestToken, "clientRequestToken");
    Check.text(inputHash, "inputHash");
    Check.present(decidedAt, "decidedAt");
    Check.present(result, "result");
    Check.present(position, "position");
  }

  /** The key of its record in the outcomes topic. */
  public String recordKey() {
    return recordKey(cluster, clientRequestToken);
  }

  /** The key under which the outcome of a request is found. */
  public static String recordKey(String cluster, String clientRequestToken) {
    return cluster + "/" + clientRequestToken;
  }

  /** Done or refused. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = Settled.class, name = "settled"),
    @JsonSubTypes.Type(value = Bound.class, name = "bound"),
    @JsonSubTypes.Type(value = Refused.class, name = "refused"),
  })
  public sealed interface Result {}

  /** What an accepted command did. */
  public enum Effect {
    /** There is an association that was not there before. */
    CREATED("created"),
    /** The association is another one than before. */
    CHANGED("changed"),
    /** It was so already: the log has no change for this command. */
    UNCHANGED("unchanged"),
    /** The association is gone. */
    REMOVED("removed");

    private final String text;

    Effect(String text) {
      this.text = text;
    }

    /** As it is written in records. */
    @JsonValue
    public String text() {
      return text;
    }
  }

  /**
   * It was done, or was so already.
   *
   * @param effect what it did
   * @param association as it is after it; for a removal, as it was before
   */
  public record Accepted(Effect effect, Association association) implements Result {
    public Accepted {
      Check.present(effect, "effect");
      Check.present(association, "association");
    }
  }

  /**
   * A revocation was made or lifted, or was so already.
   *
   * @param effect what it did
   * @param revocation as it is after it; for one that was lifted, as it was before
   */
  public record Settled(Effect effect, Revocation revocation) implements Result {
    public Settled {
      Check.present(effect, "effect");
      Check.present(revocation, "revocation");
    }
  }

  /**
   * The log is of that Kubernetes cluster, or was already.
   *
   * @param effect what the command did
   * @param clusterUid the uid of the cluster's namespace {@code kube-system}
   */
  public record Bound(Effect effect, String clusterUid) implements Result {
    public Bound {
      Check.present(effect, "effect");
      Check.text(clusterUid, "clusterUid");
    }
  }

  /**
   * It was not done.
   *
   * @param code the EKS API's error name, for example {@code ResourceInUseException}
   * @param message what is wrong and what to do
   */
  public record Refused(String code, String message) implements Result {
    public Refused {
      Check.text(code, "code");
      Check.text(message, "message");
    }
  }
}
