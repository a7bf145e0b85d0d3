package io.claviger.broker.association;

import io.claviger.schemas.Check;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of making one service account's association be what its objects declare.
 *
 * @param verdicts what the objects are told, by their uids; nothing for one that is not in it
 * @param retracted whether nothing is left of what objects that are being deleted had declared
 */
public record Reconciled(Effort effort, Map<String, ObjectVerdict> verdicts, boolean retracted) {

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
    verdicts = Map.copyOf(verdicts);
  }

  /** The speaker is told the verdict, others that it is older. */
  static Reconciled of(
      Effort effort,
      DeclaredAssociation speaker,
      ObjectVerdict verdict,
      List<DeclaredAssociation> objects,
      boolean retracted) {
    Map<String, ObjectVerdict> verdicts = new HashMap<>();
    for (DeclaredAssociation object : objects) {
      if (!object.leaving()) {
        verdicts.put(object.uid(), ObjectVerdict.olderObject(speaker));
      }
    }
    verdicts.put(speaker.uid(), verdict);
    return new Reconciled(effort, verdicts, retracted);
  }

  /** All objects are being deleted, or there is none. */
  static Reconciled ofNobody(
      Effort effort, ObjectVerdict unavailable, List<DeclaredAssociation> leaving) {
    Map<String, ObjectVerdict> verdicts = new HashMap<>();
    if (effort == Effort.UNAVAILABLE) {
      leaving.forEach(object -> verdicts.put(object.uid(), unavailable));
    }
    return new Reconciled(effort, verdicts, effort.isDone());
  }
}
