package io.claviger.scenario;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Shares one mesh among scenarios, because a mesh takes longer to start than a scenario to run. The
 * calls that STS has recorded are cleared before each scenario. Each scenario uses its own
 * namespaces.
 */
abstract class MeshExtension implements ParameterResolver, BeforeEachCallback {

  private static final String MESH = "mesh";

  /** Starts the mesh. */
  abstract ScenarioMesh start();

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ScenarioMesh.class;
  }

  @Override
  public ScenarioMesh resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return mesh(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    mesh(context).sts().reset();
  }

  private ScenarioMesh mesh(ExtensionContext context) {
    return store(context).getOrComputeIfAbsent(MESH, key -> start(), ScenarioMesh.class);
  }

  /** Ends the mesh. The next scenario gets a new one. */
  void discard(ExtensionContext context) {
    ScenarioMesh mesh = store(context).remove(MESH, ScenarioMesh.class);
    if (mesh != null) {
      mesh.close();
    }
  }

  private ExtensionContext.Store store(ExtensionContext context) {
    return context.getRoot().getStore(ExtensionContext.Namespace.create(getClass()));
  }
}
