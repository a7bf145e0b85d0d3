package io.claviger.mesh.scenario;

import io.claviger.mesh.MeshOptions;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives scenarios that harm no member one mesh of two brokers and two edges: it takes longer to
 * start than they take. What STS was told is forgotten before each; each uses a namespace of its
 * own.
 */
final class SharedMesh implements ParameterResolver, BeforeEachCallback {

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

  /**
   * A machine that runs the whole mesh and two hundred SDKs at once can starve an owner for longer
   * than a broker would wait for it: then there are more calls than one a session, as with faults.
   */
  private static MeshOptions patient(MeshOptions options) {
    return options.withBrokerSetting("issuance.owner-patience", "800ms");
  }

  private static ScenarioMesh mesh(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedMesh.class))
        .getOrComputeIfAbsent(
            "mesh", key -> ScenarioMesh.start(2, 2, SharedMesh::patient), ScenarioMesh.class);
  }
}
