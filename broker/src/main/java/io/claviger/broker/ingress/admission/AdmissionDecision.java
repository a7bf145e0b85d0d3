package io.claviger.broker.ingress.admission;

import java.util.List;

/** What is done with a pod: it always comes in. */
sealed interface AdmissionDecision {

  /** It gets what it needs. */
  record Injected(List<PatchOperation> patch) implements AdmissionDecision {
    public Injected {
      patch = List.copyOf(patch);
    }
  }

  /** It comes in as it is. */
  record Untouched(Why why) implements AdmissionDecision {}

  /** Why a pod gets nothing. */
  enum Why {
    /** It has everything already, or all its containers are to be skipped. */
    COMPLETE,
    /** Its service account has no association. */
    NO_ASSOCIATION,
    /** It does not want it, or cannot have it. */
    NOT_MEANT,
    /** The association table is behind. */
    UNKNOWN
  }
}
