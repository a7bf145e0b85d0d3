package io.claviger.edge.credential;

import java.util.concurrent.CompletionStage;

/** What somebody who asks is to be told. */
public sealed interface PodAnswer permits CredentialOutcome, PodAnswer.Early {

  /**
   * No, but the pod is so new that its association may be on its way.
   *
   * @param message for a person; no secret
   * @param change completed when there may be another answer: whoever still waits asks again
   */
  record Early(String message, CompletionStage<Void> change) implements PodAnswer {}
}
