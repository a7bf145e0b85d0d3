package io.claviger.broker.association;

import io.claviger.schemas.Check;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.association.RevokedSubject;

/** A record of the changes topic, for the table and the writer's state. */
public sealed interface LogEntry {

  /** Returns the cluster of the log. */
  String cluster();

  /** Returns the entry's position; a head has the position of the last change. */
  Position position();

  /** An association was created or changed. */
  record Changed(AssociationChange change) implements LogEntry {
    public Changed {
      Check.present(change, "change");
    }

    /** Returns the association after the change. */
    public Association association() {
      return change.association();
    }

    @Override
    public String cluster() {
      return change.association().cluster();
    }

    @Override
    public Position position() {
      return change.position();
    }
  }

  /**
   * An association was removed: a tombstone.
   *
   * @param key the service account
   * @param associationId of the removed association
   * @param revision its last revision
   * @param actor who removed it
   */
  record Removed(
      AssociationKey key, String associationId, long revision, Position position, String actor)
      implements LogEntry {
    public Removed {
      Check.present(key, "key");
      Check.text(associationId, "associationId");
      Check.present(position, "position");
      Check.text(actor, "actor");
    }

    @Override
    public String cluster() {
      return key.cluster();
    }
  }

  /** A subject was revoked. */
  record Revoked(RevocationChange change) implements LogEntry {
    public Revoked {
      Check.present(change, "change");
    }

    /** Returns the revocation. */
    public Revocation revocation() {
      return change.revocation();
    }

    @Override
    public String cluster() {
      return change.revocation().cluster();
    }

    @Override
    public Position position() {
      return change.position();
    }
  }

  /**
   * A revocation was lifted: a tombstone.
   *
   * @param actor who lifted it
   */
  record Restored(String cluster, RevokedSubject subject, Position position, String actor)
      implements LogEntry {
    public Restored {
      Check.text(cluster, "cluster");
      Check.present(subject, "subject");
      Check.present(position, "position");
      Check.text(actor, "actor");
    }
  }

  /** The last position that the log has used. */
  record Head(LogHead head) implements LogEntry {
    public Head {
      Check.present(head, "head");
    }

    @Override
    public String cluster() {
      return head.cluster();
    }

    @Override
    public Position position() {
      return head.position();
    }
  }
}
