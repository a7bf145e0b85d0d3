package io.claviger.broker.association;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a cluster's objects declare now, whether or not anybody has decided about it: the port to
 * the objects themselves.
 */
@FunctionalInterface
public interface DeclaredAssociations {

  /** Where associations are no objects: nothing is declared. */
  DeclaredAssociations NONE =
      (namespace, serviceAccount) -> CompletableFuture.completedFuture(Answer.NOT_DECLARED);

  /** What is known of a service account. */
  enum Answer {
    /** An object that stays declares an association, and it was not refused as it is now. */
    DECLARED,
    /** No object does. */
    NOT_DECLARED,
    /** The objects could not be read in time. */
    UNKNOWN
  }

  /**
   * Whether an association is declared for a service account: every object counts whose creation
   * was answered before this was asked. Never fails.
   */
  CompletionStage<Answer> find(String namespace, String serviceAccount);
}
