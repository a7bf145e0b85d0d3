package io.claviger.broker.association;

import io.claviger.schemas.Check;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of reconciling one service account's association with its objects.
 *
 * @param conditions of the objects, by their uids; an object that is not in it keeps its condition
 * @param retracted whether nothing is left of what objects that are being deleted had declared
 */
public record Reconciled(Effort effort, Map<String, ReadyCondition> conditions, boolean retracted) {

  /** What the reconciliation did. */
  public enum Effort {
    /** Nothing: the association already matched. */
    UNCHANGED,
    /** The log has a change for it. */
    WRITTEN,
    /** The declaration is refused until something changes. */
    REFUSED,
    /** The log could not be written. */
    UNAVAILABLE;

    boolean isDone() {
      return this == UNCHANGED || this == WRITTEN;
    }
  }

  public Reconciled {
    Check.present(effort, "effort");
    conditions = Map.copyOf(conditions);
  }

  /**
   * The object that counts gets its own condition; the others get one that names the older object.
   */
  static Reconciled of(
      Effort effort,
      DeclaredAssociation speaker,
      ReadyCondition condition,
      List<DeclaredAssociation> objects,
      boolean retracted) {
    Map<String, ReadyCondition> conditions = new HashMap<>();
    for (DeclaredAssociation object : objects) {
      if (!object.leaving()) {
        conditions.put(object.uid(), ReadyCondition.olderObject(speaker));
      }
    }
    conditions.put(speaker.uid(), condition);
    return new Reconciled(effort, conditions, retracted);
  }

  /** All objects are being deleted, or there are none. */
  static Reconciled ofNobody(
      Effort effort, ReadyCondition unavailable, List<DeclaredAssociation> leaving) {
    Map<String, ReadyCondition> conditions = new HashMap<>();
    if (effort == Effort.UNAVAILABLE) {
      leaving.forEach(object -> conditions.put(object.uid(), unavailable));
    }
    return new Reconciled(effort, conditions, effort.isDone());
  }
}
