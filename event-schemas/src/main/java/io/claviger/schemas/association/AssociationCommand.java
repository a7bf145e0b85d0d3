package io.claviger.schemas.association;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.claviger.schemas.Check;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A requested change: a record of {@link Topics#COMMANDS}, keyed by the cluster's name. The log's
 * writer decides it and answers with an {@link AssociationOutcome} of the same request token.
 *
 * @param version of this record's format; 1
 * @param cluster the registered name of the Kubernetes cluster
 * @param clientRequestToken makes the request idempotent for 24 hours
 * @param actor the requester: the name of an API key, or the Kubernetes object
 * @param requestedAt when it was requested
 * @param operation the requested operation
 */
public record AssociationCommand(
    int version,
    String cluster,
    String clientRequestToken,
    String actor,
    Instant requestedAt,
    Operation operation) {

  public AssociationCommand {
    Check.text(cluster, "cluster");
    Check.text(clientRequestToken, "clientRequestToken");
    Check.text(actor, "actor");
    Check.present(requestedAt, "requestedAt");
    Check.present(operation, "operation");
  }

  /** Returns a command of the current version. */
  public static AssociationCommand of(
      String cluster,
      String clientRequestToken,
      String actor,
      Instant requestedAt,
      Operation operation) {
    return new AssociationCommand(1, cluster, clientRequestToken, actor, requestedAt, operation);
  }

  /** An operation that a command can request. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Create.class, name = "create"),
    @JsonSubTypes.Type(value = Put.class, name = "put"),
    @JsonSubTypes.Type(value = Update.class, name = "update"),
    @JsonSubTypes.Type(value = Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = Tag.class, name = "tag"),
    @JsonSubTypes.Type(value = Untag.class, name = "untag"),
    @JsonSubTypes.Type(value = Revoke.class, name = "revoke"),
    @JsonSubTypes.Type(value = Restore.class, name = "restore"),
    @JsonSubTypes.Type(value = Bind.class, name = "bind"),
  })
  public sealed interface Operation permits OnAssociation, Revoke, Restore, Bind {}

  /** An operation on associations. */
  public sealed interface OnAssociation extends Operation {}

  /** Create an association; refused if the service account already has one. */
  public record Create(AssociationSpec spec) implements OnAssociation {
    public Create {
      Check.present(spec, "spec");
    }
  }

  /** Create an association or change it to this spec, as a declared object requires. */
  public record Put(AssociationSpec spec) implements OnAssociation {
    public Put {
      Check.present(spec, "spec");
    }
  }

  /**
   * Change an association. Absent fields stay as they are; an empty target role or policy is
   * removed.
   *
   * @param ifRevision refuse unless this is the association's revision
   */
  public record Update(
      String associationId,
      @Nullable String roleArn,
      @Nullable String targetRoleArn,
      @Nullable Boolean disableSessionTags,
      @Nullable String policy,
      @Nullable Long ifRevision)
      implements OnAssociation {
    public Update {
      Check.text(associationId, "associationId");
    }
  }

  /**
   * Remove an association.
   *
   * @param ifRevision refuse unless this is the association's revision
   */
  public record Delete(String associationId, @Nullable Long ifRevision) implements OnAssociation {
    public Delete {
      Check.text(associationId, "associationId");
    }
  }

  /** Add or overwrite tags of an association. */
  public record Tag(String associationId, Map<String, String> tags) implements OnAssociation {
    public Tag {
      Check.text(associationId, "associationId");
      tags = Map.copyOf(Check.present(tags, "tags"));
    }
  }

  /** Remove tags from an association. A key that it does not have is no error. */
  public record Untag(String associationId, List<String> tagKeys) implements OnAssociation {
    public Untag {
      Check.text(associationId, "associationId");
      tagKeys = List.copyOf(Check.present(tagKeys, "tagKeys"));
    }
  }

  /** Revoke a subject. A subject that is already revoked stays revoked. */
  public record Revoke(RevokedSubject subject) implements Operation {
    public Revoke {
      Check.present(subject, "subject");
    }
  }

  /**
   * Bind the log to a Kubernetes cluster; refused if it is bound to another one.
   *
   * @param clusterUid the uid of the cluster's namespace {@code kube-system}, which identifies a
   *     cluster as in OpenTelemetry's {@code k8s.cluster.uid}
   * @param again whether to bind the log to this cluster even if it is bound to another one
   */
  public record Bind(String clusterUid, boolean again) implements Operation {
    public Bind {
      Check.text(clusterUid, "clusterUid");
    }
  }

  /** Lift a revocation. */
  public record Restore(RevokedSubject subject) implements Operation {
    public Restore {
      Check.present(subject, "subject");
    }
  }
}
