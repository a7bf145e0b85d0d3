package io.claviger.schemas.association;

import io.claviger.schemas.Check;
import java.time.Instant;

/**
 * An association between a service account of a cluster and the role that its pods get.
 *
 * @param id {@code a-} and 17 of {@code [a-z0-9]}, unique over time
 * @param cluster the registered name of the Kubernetes cluster
 * @param spec the service account, the roles and the options
 * @param grantedBy the principal whose grant covers the role: the one that created the association
 *     or changed it last; a change of tags alone does not change it
 * @param revision 1 when created; grows with every change that makes older sessions invalid
 * @param createdAt when it was created
 * @param modifiedAt when it was last changed
 */
public record Association(
    String id,
    String cluster,
    AssociationSpec spec,
    String grantedBy,
    long revision,
    Instant createdAt,
    Instant modifiedAt) {

  public Association {
    Check.text(id, "id");
    Check.text(cluster, "cluster");
    Check.present(spec, "spec");
    Check.text(grantedBy, "grantedBy");
    Check.present(createdAt, "createdAt");
    Check.present(modifiedAt, "modifiedAt");
    if (revision < 1) {
      throw new IllegalArgumentException("revision starts at 1");
    }
  }

  /** Returns the key of the association's service account. */
  public AssociationKey key() {
    return new AssociationKey(cluster, spec.namespace(), spec.serviceAccount());
  }
}
