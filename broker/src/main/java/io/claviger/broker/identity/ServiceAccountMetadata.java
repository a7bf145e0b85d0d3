package io.claviger.broker.identity;

import java.util.Map;

/** The labels and annotations of a service account. */
public record ServiceAccountMetadata(Map<String, String> labels, Map<String, String> annotations) {

  /** No labels and no annotations. */
  public static final ServiceAccountMetadata NONE = new ServiceAccountMetadata(Map.of(), Map.of());

  public ServiceAccountMetadata {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
