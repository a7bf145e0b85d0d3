package io.claviger.scenario;

import java.util.function.UnaryOperator;

/**
 * For scenarios that harm no member: two brokers and two edges, with what is shipped. Where a whole
 * mesh and its clients share two cores, it has answered some requests before.
 */
final class SharedMesh extends MeshExtension {

  @Override
  ScenarioMesh start() {
    ScenarioMesh mesh = ScenarioMesh.start(2, 2, UnaryOperator.identity());
    mesh.warmUp();
    return mesh;
  }
}
