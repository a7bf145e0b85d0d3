package io.claviger.broker.association;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The port to the objects themselves: what a cluster's objects declare now, decided or not. */
@FunctionalInterface
public interface DeclaredAssociations {

  /** For clusters without objects: nothing is declared. */
  DeclaredAssociations NONE =
      (namespace, serviceAccount) -> CompletableFuture.completedFuture(Answer.NOT_DECLARED);

  /** What is known about a service account. */
  enum Answer {
    /**
     * An object that is not being deleted declares an association, and its current content has not
     * been refused.
     */
    DECLARED,
    /** No object declares one. */
    NOT_DECLARED,
    /** The objects could not be read in time. */
    UNKNOWN
  }

  /**
   * Returns whether an association is declared for a service account. Counts every object whose
   * creation was acknowledged before this call. Never fails.
   */
  CompletionStage<Answer> find(String namespace, String serviceAccount);
}
