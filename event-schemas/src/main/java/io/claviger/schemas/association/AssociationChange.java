package io.claviger.schemas.association;

import io.claviger.schemas.Check;

/**
 * The current state of an association: a record of {@link Topics#CHANGES}, keyed by {@link
 * AssociationKey#recordKey()}. A removal is a tombstone whose headers carry position, association
 * id, revision and actor.
 *
 * @param version of this record's format; 1
 * @param association the association from this position on
 * @param position the position of this change in the cluster's log
 * @param actor the principal that requested the change
 */
public record AssociationChange(
    int version, Association association, Position position, String actor) {

  /** Header of a tombstone: the log's epoch, decimal. */
  public static final String HEADER_EPOCH = "claviger-epoch";

  /** Header of a tombstone: the change's sequence, decimal. */
  public static final String HEADER_SEQUENCE = "claviger-sequence";

  /** Header of a tombstone: the id of the association that was removed. */
  public static final String HEADER_ASSOCIATION_ID = "claviger-association-id";

  /** Header of a tombstone: the last revision of the association that was removed, decimal. */
  public static final String HEADER_REVISION = "claviger-revision";

  /** Header of a tombstone: the principal that requested the removal. */
  public static final String HEADER_ACTOR = "claviger-actor";

  public AssociationChange {
    Check.present(association, "association");
    Check.present(position, "position");
    Check.text(actor, "actor");
  }

  /** Returns a change of the current version. */
  public static AssociationChange of(Association association, Position position, String actor) {
    return new AssociationChange(1, association, position, actor);
  }
}
