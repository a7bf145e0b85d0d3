package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.Position;
import java.util.List;

/**
 * A cluster's associations at one moment.
 *
 * @param associations in the order of namespace and service account
 * @param position how far the cluster's log had been applied
 */
public record ClusterView(List<Association> associations, Position position) {
  public ClusterView {
    associations = List.copyOf(associations);
  }
}
