package io.claviger.scenario;

import java.util.function.UnaryOperator;

/**
 * A mesh for scenarios that disturb no member: two brokers and two edges with the shipped settings.
 * It is warm, because the mesh and its clients may share two cores.
 */
final class SharedMesh extends MeshExtension {

  @Override
  ScenarioMesh start() {
    ScenarioMesh mesh = ScenarioMesh.start(2, 2, UnaryOperator.identity());
    mesh.warmUp();
    return mesh;
  }
}
