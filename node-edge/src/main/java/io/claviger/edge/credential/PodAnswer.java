package io.claviger.edge.credential;

import java.util.concurrent.CompletionStage;

/** The answer to a pod's request. */
public sealed interface PodAnswer permits CredentialOutcome, PodAnswer.Early {

  /**
   * Refused, but the pod is so new that its association may be on its way.
   *
   * @param message for a person; no secret
   * @param change completed when the answer may have changed: a requester that still waits retries
   */
  record Early(String message, CompletionStage<Void> change) implements PodAnswer {}
}
