package io.claviger.schemas.association;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import io.claviger.schemas.Check;
import java.time.Instant;

/**
 * The outcome of a command: a record of {@link Topics#OUTCOMES}, keyed by {@code
 * cluster/clientRequestToken}. It carries the answer to the requesting broker and makes requests
 * idempotent.
 *
 * @param version of this record's format; 1
 * @param cluster the registered name of the Kubernetes cluster
 * @param clientRequestToken of the command
 * @param inputHash SHA-256 of actor and operation, hexadecimal: the same token with another input
 *     is refused
 * @param decidedAt when the writer decided the command
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

  /** Returns the record's key in the outcomes topic. */
  public String recordKey() {
    return recordKey(cluster, clientRequestToken);
  }

  /** Returns the record key of a request's outcome. */
  public static String recordKey(String cluster, String clientRequestToken) {
    return cluster + "/" + clientRequestToken;
  }

  /** Accepted or refused. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = Settled.class, name = "settled"),
    @JsonSubTypes.Type(value = Bound.class, name = "bound"),
    @JsonSubTypes.Type(value = Refused.class, name = "refused"),
  })
  public sealed interface Result {}

  /** What an accepted command changed. */
  public enum Effect {
    /** The command created it. */
    CREATED("created"),
    /** The command changed it. */
    CHANGED("changed"),
    /** It already was as requested: the log has no change for this command. */
    UNCHANGED("unchanged"),
    /** The command removed it. */
    REMOVED("removed");

    private final String text;

    Effect(String text) {
      this.text = text;
    }

    /** Returns the text that records contain. */
    @JsonValue
    public String text() {
      return text;
    }
  }

  /**
   * The command was carried out, or the association already was as requested.
   *
   * @param effect what the command changed
   * @param association the association after the command; for a removal, before it
   */
  public record Accepted(Effect effect, Association association) implements Result {
    public Accepted {
      Check.present(effect, "effect");
      Check.present(association, "association");
    }
  }

  /**
   * A revocation was made or lifted, or already was as requested.
   *
   * @param effect what the command changed
   * @param revocation the revocation after the command; for one that was lifted, before it
   */
  public record Settled(Effect effect, Revocation revocation) implements Result {
    public Settled {
      Check.present(effect, "effect");
      Check.present(revocation, "revocation");
    }
  }

  /**
   * The log is bound to the requested Kubernetes cluster, now or since an earlier command.
   *
   * @param effect what the command changed
   * @param clusterUid the uid of the cluster's namespace {@code kube-system}
   */
  public record Bound(Effect effect, String clusterUid) implements Result {
    public Bound {
      Check.present(effect, "effect");
      Check.text(clusterUid, "clusterUid");
    }
  }

  /**
   * The command was not carried out.
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
