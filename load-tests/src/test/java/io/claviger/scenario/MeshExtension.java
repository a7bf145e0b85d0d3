package io.claviger.scenario;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives scenarios one mesh, as it takes longer to start than they take. What STS was told is
 * forgotten before each; each uses namespaces of its own.
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

  /** Ends the mesh: the next scenario gets another. */
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
