package io.claviger.scenario;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * For scenarios that hurt members: two brokers and two edges, warm, with the settings of
 * production. Each leaves the members that it found ready and no others; after one that fails the
 * next class gets another mesh.
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
