package io.claviger.mesh.scenario;

/**
 * For scenarios that harm no member: two brokers and two edges.
 *
 * <p>Where a whole mesh and its clients share two cores, programs that have just started answer a
 * burst a second late, and what is silent for 150 ms counts as dead: then there are more calls than
 * one a session, as with faults. So the mesh has answered some requests before, and brokers wait
 * longer for an owner; scenarios of faults leave them as they are.
 */
final class SharedMesh extends MeshExtension {

  @Override
  ScenarioMesh start() {
    ScenarioMesh mesh =
        ScenarioMesh.start(
            2, 2, options -> options.withBrokerSetting("issuance.owner-patience", "800ms"));
    mesh.warmUp();
    return mesh;
  }
}
