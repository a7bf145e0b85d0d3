package io.claviger.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.claviger.localmesh.ProjectLayout;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Evaluates the manifests' rules in the Common Expression Language like an API server: with CEL's
 * Java implementation and an API server's values.
 */
final class K8sRules {

  private static final CelCompiler COMPILER = compiler();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder().addLibraries(CelExtensions.optional()).build();

  private K8sRules() {}

  private static CelCompiler compiler() {
    var builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.optional());
    Stream.of("self", "oldSelf", "request", "object", "oldObject")
        .forEach(name -> builder.addVar(name, SimpleType.DYN));
    return builder.build();
  }

  /** Whether a validation holds. If it cannot be evaluated, it does not, as in an API server. */
  static boolean holds(String rule, Map<String, ?> variables) {
    try {
      return evaluated(rule, variables);
    } catch (CelEvaluationException e) {
      return false;
    }
  }

  /**
   * Whether the policy's match conditions hold. Fails if a condition cannot be evaluated, because
   * the API server then rejects every change of a node.
   */
  static boolean isMatched(ValidatingAdmissionPolicy policy, Map<String, ?> variables) {
    return policy.getSpec().getMatchConditions().stream()
        .allMatch(
            condition -> {
              try {
                return evaluated(condition.getExpression(), variables);
              } catch (CelEvaluationException e) {
                throw new AssertionError(condition.getExpression(), e);
              }
            });
  }

  private static boolean evaluated(String rule, Map<String, ?> variables)
      throws CelEvaluationException {
    try {
      Object result = RUNTIME.createProgram(COMPILER.compile(rule).getAst()).eval(variables);
      assertThat(result).isInstanceOf(Boolean.class);
      return (Boolean) result;
    } catch (CelValidationException e) {
      throw new AssertionError(rule, e);
    }
  }

  /** The object with this kind and name in a file of {@code k8s/}. */
  static <T extends HasMetadata> T only(Class<T> kind, String name, String file)
      throws IOException {
    String yaml = Files.readString(ProjectLayout.find().top().resolve("k8s").resolve(file));
    List<T> found =
        K8sModels.read(yaml).stream()
            .filter(kind::isInstance)
            .map(kind::cast)
            .filter(one -> one.getMetadata().getName().equals(name))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
