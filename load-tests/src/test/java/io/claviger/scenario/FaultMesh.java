package io.claviger.scenario;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A mesh for scenarios that disturb members: two warm brokers and two warm edges, with production
 * settings. A scenario must leave exactly the members that it found, and leave them ready. After a
 * failed scenario, the next class gets a new mesh.
 */
final class FaultMesh extends MeshExtension implements TestWatcher {

  @Override
  ScenarioMesh start() {
    ScenarioMesh mesh = ScenarioMesh.start(2, 2, UnaryOperator.identity());
    mesh.warmUp();
    return mesh;
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    discard(context);
  }
}
