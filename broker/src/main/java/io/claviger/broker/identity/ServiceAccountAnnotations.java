package io.claviger.broker.identity;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a service account says of itself: the port to its labels and annotations. */
@FunctionalInterface
public interface ServiceAccountAnnotations {

  /** Where nobody can be asked: no service account says anything. */
  ServiceAccountAnnotations NONE =
      (namespace, name) -> CompletableFuture.completedFuture(ServiceAccountMetadata.NONE);

  /**
   * The labels and annotations of a service account; empty where it has none, is not there, or
   * cannot be asked for within the adapter's deadline. Never fails.
   */
  CompletionStage<ServiceAccountMetadata> of(String namespace, String name);
}
