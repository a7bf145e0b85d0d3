package io.claviger.edge.workload;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationKey;

/** The pods that may share a session: all pods of a service account, or one pod. */
public sealed interface Subject {

  /** Every pod of the service account. */
  record ServiceAccount(AssociationKey key) implements Subject {
    public ServiceAccount {
      Check.present(key, "key");
    }
  }

  /**
   * One pod.
   *
   * @param uid unique over time
   */
  record Pod(String uid) implements Subject {
    public Pod {
      Check.text(uid, "uid");
    }
  }
}
