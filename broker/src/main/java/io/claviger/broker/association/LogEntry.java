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

/** A record of the changes topic, as the table and the writer's state read it. */
public sealed interface LogEntry {

  /** Whose log it is in. */
  String cluster();

  /** Where it stands; a head stands where the last change does. */
  Position position();

  /** An association is so from here on. */
  record Changed(AssociationChange change) implements LogEntry {
    public Changed {
      Check.present(change, "change");
    }

    /** The association from here on. */
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
   * An association is gone from here on: a tombstone.
   *
   * @param key the service account
   * @param associationId of the association that was removed
   * @param revision its last one
   * @param actor who asked for it
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

  /** Something is revoked from here on. */
  record Revoked(RevocationChange change) implements LogEntry {
    public Revoked {
      Check.present(change, "change");
    }

    /** The revocation from here on. */
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
   * A revocation is lifted from here on: a tombstone.
   *
   * @param actor who asked for it
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

  /** The last position used so far. */
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
