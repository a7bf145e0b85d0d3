package io.claviger.mesh.scenario;

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
   * Where a whole mesh and its clients share two cores, programs that have just started answer a
   * burst a second late, and what is silent for 150 ms counts as dead: then there are more calls
   * than one a session, as with faults. So the mesh has answered some requests before, and brokers
   * wait longer for an owner; scenarios of faults leave them as they are.
   */
  private static ScenarioMesh warm() {
    ScenarioMesh mesh =
        ScenarioMesh.start(
            2, 2, options -> options.withBrokerSetting("issuance.owner-patience", "800ms"));
    mesh.warmUp();
    return mesh;
  }

  private static ScenarioMesh mesh(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedMesh.class))
        .getOrComputeIfAbsent("mesh", key -> warm(), ScenarioMesh.class);
  }
}
