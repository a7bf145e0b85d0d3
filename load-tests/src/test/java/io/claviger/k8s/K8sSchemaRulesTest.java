package io.claviger.k8s;

import static io.claviger.k8s.K8sRules.holds;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The values that an API server accepts in Claviger's own objects. */
final class K8sSchemaRulesTest {

  /** The messages of the rules that a value violates. */
  private static List<String> broken(JSONSchemaProps schema, Object self, Object oldSelf) {
    assertThat(schema.getXKubernetesValidations()).isNotEmpty();
    return schema.getXKubernetesValidations().stream()
        .filter(rule -> !holds(rule.getRule(), Map.of("self", self, "oldSelf", oldSelf)))
        .map(rule -> rule.getMessage())
        .toList();
  }

  private static JSONSchemaProps spec() throws IOException {
    return field(
        K8sRules.only(
                CustomResourceDefinition.class,
                "podidentityassociations.claviger.io",
                "base/crd/podidentityassociations.yaml")
            .getSpec()
            .getVersions()
            .getFirst()
            .getSchema()
            .getOpenAPIV3Schema(),
        "spec");
  }

  private static JSONSchemaProps field(JSONSchemaProps schema, String name) {
    return Objects.requireNonNull(schema.getProperties().get(name), name);
  }

  private static List<String> broken(Map<String, ?> self) throws IOException {
    return broken(spec(), self, self);
  }

  private static List<String> brokenTags(Map<String, String> tags) throws IOException {
    return broken(field(spec(), "tags"), tags, tags);
  }

  @Test
  void aSessionPolicyNeedsSessionsWithoutTags() throws IOException {
    String needs = "policy needs disableSessionTags: true";

    assertThat(broken(Map.of("policy", "{}"))).containsExactly(needs);
    assertThat(broken(Map.of("policy", "{}", "disableSessionTags", false))).containsExactly(needs);
    assertThat(broken(Map.of("policy", "{}", "disableSessionTags", true))).isEmpty();
    assertThat(broken(Map.of("disableSessionTags", false))).isEmpty();
    assertThat(broken(Map.of("serviceAccount", "web"))).isEmpty();
  }

  @Test
  void theServiceAccountStays() throws IOException {
    JSONSchemaProps serviceAccount = field(spec(), "serviceAccount");

    assertThat(broken(serviceAccount, "web", "web")).isEmpty();
    assertThat(broken(serviceAccount, "web", "api"))
        .containsExactly("serviceAccount cannot be changed: create another object");
  }

  @Test
  void tagsHaveTheKeysThatSessionTagsMayHave() throws IOException {
    assertThat(brokenTags(Map.of())).isEmpty();
    assertThat(brokenTags(Map.of("team", "shop", "k".repeat(128), ""))).isEmpty();
    assertThat(brokenTags(Map.of("", "a", "team", "shop")))
        .containsExactly("a key has 1 to 128 characters");
    assertThat(brokenTags(Map.of("k".repeat(129), "a")))
        .containsExactly("a key has 1 to 128 characters");
    assertThat(brokenTags(Map.of("team", "shop", "aws:x", "a")))
        .containsExactly("keys that start with aws: are reserved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"service-account", "pod", "node", ""})
  void theTagScopeIsOneThatThereIs(String scope) throws IOException {
    boolean known = scope.equals("service-account") || scope.equals("pod");

    assertThat(brokenTags(Map.of("claviger.io/tag-scope", scope)))
        .hasSize(known ? 0 : 1)
        .allMatch(message -> message.equals("claviger.io/tag-scope is service-account or pod"));
  }
}
