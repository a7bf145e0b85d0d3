package io.claviger.mesh;

import java.nio.file.Path;

/** Makes the associations of a manifest so, by commands to the association log. */
@FunctionalInterface
interface AssociationSeeds {

  /**
   * Returns once every association of the manifest is decided.
   *
   * @param bootstrapServers of Kafka
   * @param cluster the registered name
   * @param manifest YAML documents of {@code kind: PodIdentityAssociation}
   * @throws MeshException naming what was refused
   */
  void apply(String bootstrapServers, String cluster, Path manifest);
}
