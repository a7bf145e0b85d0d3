package io.claviger.broker.identity;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The labels and annotations of a cluster's service accounts: the port to its API. */
@FunctionalInterface
public interface ServiceAccountAnnotations {

  /**
   * For clusters whose API server is not called: every service account appears without metadata.
   */
  ServiceAccountAnnotations NONE =
      (namespace, name) -> CompletableFuture.completedFuture(ServiceAccountMetadata.NONE);

  /**
   * Returns the labels and annotations of a service account. Returns none if it has none, does not
   * exist, or cannot be fetched within the adapter's deadline. Never fails.
   */
  CompletionStage<ServiceAccountMetadata> of(String namespace, String name);
}
