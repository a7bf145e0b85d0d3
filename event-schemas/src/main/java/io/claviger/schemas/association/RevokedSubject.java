package io.claviger.schemas.association;

import com.fasterxml.jackson.annotation.JsonValue;
import io.claviger.schemas.Check;
import java.util.Locale;

/**
 * A subject of a revocation, within one cluster.
 *
 * @param kind of subject
 * @param name of a role its ARN, of a workload {@code namespace/serviceAccount}, of a node its
 *     name, of a pod {@code namespace/name} or its uid
 */
public record RevokedSubject(Kind kind, String name) {

  /** What can be revoked. */
  public enum Kind {
    /** Every association that gives the role, as its role or its target role. */
    ROLE,
    /** Every pod of a service account. */
    WORKLOAD,
    /** Every pod on a node. */
    NODE,
    /** One pod. */
    POD;

    /** Returns the text that records contain. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public RevokedSubject {
    Check.present(kind, "kind");
    Check.text(name, "name");
    if (kind == Kind.WORKLOAD && name.split("/", -1).length != 2) {
      throw new IllegalArgumentException("a workload is namespace/serviceAccount, not " + name);
    }
  }

  /** Whether no pod may use the association any more; never so for a node or a pod. */
  public boolean isAllOf(Association association) {
    AssociationSpec spec = association.spec();
    return switch (kind) {
      case ROLE -> name.equals(spec.roleArn()) || name.equals(spec.targetRoleArn());
      case WORKLOAD -> name.equals(spec.namespace() + "/" + spec.serviceAccount());
      case NODE, POD -> false;
    };
  }

  /** Returns {@code kind:name}, as in keys and messages. */
  public String text() {
    return kind.text() + ":" + name;
  }

  /**
   * Parses what {@link #text()} returns.
   *
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static RevokedSubject parse(String text) {
    int colon = text.indexOf(':');
    for (Kind kind : Kind.values()) {
      if (colon > 0 && text.substring(0, colon).equals(kind.text())) {
        return new RevokedSubject(kind, text.substring(colon + 1));
      }
    }
    throw new IllegalArgumentException("not role:, workload:, node: or pod: and a name: " + text);
  }
}
