package io.claviger.mesh;

import java.net.URI;
import java.nio.file.Path;

/** Makes the associations of a manifest so, as an operator does: by the association API. */
@FunctionalInterface
interface AssociationSeeds {

  /**
   * Returns once every association of the manifest is as declared.
   *
   * @param endpoint of a broker's API
   * @param cluster the registered cluster
   * @param admin the operator's key
   * @param manifest YAML documents of {@code kind: PodIdentityAssociation}
   * @throws MeshException naming what was refused
   */
  void apply(URI endpoint, ClusterFacts cluster, MeshState.AdminKey admin, Path manifest);
}
