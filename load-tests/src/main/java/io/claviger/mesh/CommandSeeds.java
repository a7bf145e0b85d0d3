package io.claviger.mesh;

import java.nio.file.Path;

/** Seeds by commands on Kafka. */
final class CommandSeeds implements AssociationSeeds {

  @Override
  public void apply(String bootstrapServers, String cluster, Path manifest) {
    throw new MeshException("associations cannot be applied yet: " + manifest);
  }
}
