package io.claviger.mesh.scenario;

import java.util.function.UnaryOperator;
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

  private static ScenarioMesh mesh(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedMesh.class))
        .getOrComputeIfAbsent(
            "mesh", key -> ScenarioMesh.start(2, 2, UnaryOperator.identity()), ScenarioMesh.class);
  }
}
