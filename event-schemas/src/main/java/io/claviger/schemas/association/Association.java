package io.claviger.schemas.association;

import io.claviger.schemas.Check;
import java.time.Instant;

/**
 * An association as it is: a service account of a cluster and the role its pods get.
 *
 * @param id {@code a-} and 17 of {@code [a-z0-9]}, unique over time
 * @param cluster the registered name of the Kubernetes cluster
 * @param spec what it says
 * @param grantedBy the principal whose grant covers the role: who created it, or last said what it
 *     is; a change of tags alone leaves it
 * @param revision 1 when created; grows with every change that makes older sessions wrong
 * @param createdAt when it was created
 * @param modifiedAt when it was changed last
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

  /** What it is about. */
  public AssociationKey key() {
    return new AssociationKey(cluster, spec.namespace(), spec.serviceAccount());
  }
}
