package io.claviger.broker.association;

import io.claviger.schemas.Check;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of making one service account's association be what its objects declare.
 *
 * @param conditions of the objects, by their uids; one that is not in it keeps what it has
 * @param retracted whether nothing is left of what objects that are being deleted had declared
 */
public record Reconciled(Effort effort, Map<String, ReadyCondition> conditions, boolean retracted) {

  /** What it took. */
  public enum Effort {
    /** Nothing: it was so. */
    UNCHANGED,
    /** The log has a change for it. */
    WRITTEN,
    /** What is declared is not done, until something changes. */
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

  /** The speaker gets its condition, the others one that says that it is older. */
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

  /** All objects are being deleted, or there is none. */
  static Reconciled ofNobody(
      Effort effort, ReadyCondition unavailable, List<DeclaredAssociation> leaving) {
    Map<String, ReadyCondition> conditions = new HashMap<>();
    if (effort == Effort.UNAVAILABLE) {
      leaving.forEach(object -> conditions.put(object.uid(), unavailable));
    }
    return new Reconciled(effort, conditions, effort.isDone());
  }
}
