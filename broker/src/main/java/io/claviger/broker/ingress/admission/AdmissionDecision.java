package io.claviger.broker.ingress.admission;

import java.util.List;

/** The decision about a new pod, which is always allowed. */
sealed interface AdmissionDecision {

  /** The pod is patched. */
  record Injected(List<PatchOperation> patch) implements AdmissionDecision {
    public Injected {
      patch = List.copyOf(patch);
    }
  }

  /** The pod is not patched. */
  record Untouched(Why why) implements AdmissionDecision {}

  /** Why a pod is not patched. */
  enum Why {
    /** The pod needs no patch, or skips all its containers. */
    COMPLETE,
    /** The service account has no association. */
    NO_ASSOCIATION,
    /** The pod opted out, is a static pod, or the review is not of a new pod. */
    NOT_MEANT,
    /** The association table is behind, or the API server did not answer. */
    UNKNOWN
  }
}
