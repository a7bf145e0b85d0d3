package io.claviger.broker.identity;

import java.util.Map;

/** What a service account says of itself. */
public record ServiceAccountMetadata(Map<String, String> labels, Map<String, String> annotations) {

  /** Of one that says nothing. */
  public static final ServiceAccountMetadata NONE = new ServiceAccountMetadata(Map.of(), Map.of());

  public ServiceAccountMetadata {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
