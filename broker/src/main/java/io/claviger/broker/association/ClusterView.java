package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.util.List;

/**
 * A cluster's associations at one moment.
 *
 * @param associations sorted by namespace and service account
 * @param position the applied position of the cluster's log
 */
public record ClusterView(List<Association> associations, Position position) {
  public ClusterView {
    associations = List.copyOf(associations);
  }
}
