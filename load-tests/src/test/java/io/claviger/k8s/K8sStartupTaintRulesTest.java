package io.claviger.k8s;

import static io.claviger.k8s.K8sRules.holds;
import static io.claviger.k8s.K8sRules.isMatched;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The changes of nodes, and the Events, that the startup taint's policies permit an edge. */
final class K8sStartupTaintRulesTest {

  private static final String EDGE = "system:serviceaccount:claviger:claviger-edge";
  private static final String TAINT = "claviger.io/edge-not-ready";
  private static final String NODE_CLAIM = "authentication.kubernetes.io/node-name";

  /** The policy's rejections when an edge changes node-1; empty if it permits the change. */
  private static List<String> refusals(
      Map<String, ?> extra, Map<String, ?> oldNode, Map<String, ?> node) throws IOException {
    Map<String, Object> user = new HashMap<>(Map.of("username", EDGE));
    if (!extra.isEmpty()) {
      user.put("extra", extra);
    }
    Map<String, ?> variables =
        Map.of("request", Map.of("userInfo", user), "object", node, "oldObject", oldNode);
    return refusals(policy("claviger-edge-startup-taint"), variables);
  }

  private static List<String> refusals(ValidatingAdmissionPolicy policy, Map<String, ?> variables) {
    assertThat(policy.getSpec().getFailurePolicy()).isEqualTo("Fail");
    assertThat(isMatched(policy, variables)).isTrue();
    return policy.getSpec().getValidations().stream()
        .filter(validation -> !holds(validation.getExpression(), variables))
        .map(validation -> validation.getMessage())
        .toList();
  }

  private static ValidatingAdmissionPolicy policy(String name) throws IOException {
    return K8sRules.only(
        ValidatingAdmissionPolicy.class, name, "components/startup-taint/rbac.yaml");
  }

  private static Map<String, Object> node(Consumer<Map<String, Object>> change, Object... taints) {
    Map<String, Object> spec = new HashMap<>(Map.of("podCIDR", "10.0.1.0/24"));
    if (taints.length > 0) {
      spec.put("taints", List.of(taints));
    }
    Map<String, Object> metadata =
        new HashMap<>(Map.of("name", "node-1", "labels", Map.of("zone", "a")));
    Map<String, Object> node = new HashMap<>(Map.of("metadata", metadata, "spec", spec));
    change.accept(node);
    return node;
  }

  private static Map<String, Object> node(Object... taints) {
    return node(same -> {}, taints);
  }

  private static Map<String, String> taint(String key) {
    return Map.of("key", key, "effect", "NoSchedule");
  }

  @SuppressWarnings("unchecked") // Made above.
  private static Consumer<Map<String, Object>> with(String part, String field, Object value) {
    return node -> Objects.requireNonNull((Map<String, Object>) node.get(part)).put(field, value);
  }

  private static Map<String, ?> onNode(String name) {
    return Map.of(NODE_CLAIM, List.of(name));
  }

  @Test
  void anEdgeMayRemoveItsTaintFromItsNode() throws IOException {
    assertThat(refusals(onNode("node-1"), node(taint(TAINT)), node())).isEmpty();
    assertThat(
            refusals(
                onNode("node-1"),
                node(taint("a"), taint(TAINT), taint("b")),
                node(taint("a"), taint("b"))))
        .isEmpty();
  }

  @Test
  void anEdgeMayNotChangeAnotherNode() throws IOException {
    String own = "an edge may change its own node only";

    assertThat(refusals(onNode("node-2"), node(taint(TAINT)), node())).containsExactly(own);
    assertThat(refusals(Map.of("other", List.of("node-1")), node(taint(TAINT)), node()))
        .containsExactly(own);
    assertThat(refusals(Map.of(), node(taint(TAINT)), node())).containsExactly(own);
  }

  static Stream<Arguments> otherChanges() {
    return Stream.of(
        Arguments.of("keeps the taint", node(taint(TAINT))),
        Arguments.of("adds a taint", node(taint("a"))),
        Arguments.of("a label", node(with("metadata", "labels", Map.of("zone", "b")))),
        Arguments.of("no labels", node(with("metadata", "labels", Map.of()))),
        Arguments.of("an annotation", node(with("metadata", "annotations", Map.of("a", "b")))),
        Arguments.of("an owner", node(with("metadata", "ownerReferences", List.of(Map.of())))),
        Arguments.of("a finalizer", node(with("metadata", "finalizers", List.of("a")))),
        Arguments.of("its network", node(with("spec", "podCIDR", "10.0.2.0/24"))),
        Arguments.of("its networks", node(with("spec", "podCIDRs", List.of("10.0.2.0/24")))),
        Arguments.of("its provider's id", node(with("spec", "providerID", "a"))),
        Arguments.of("its configuration", node(with("spec", "configSource", Map.of("a", "b")))),
        Arguments.of("its external id", node(with("spec", "externalID", "a"))),
        Arguments.of("whether pods come", node(with("spec", "unschedulable", true))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherChanges")
  void anEdgeMayChangeNothingElse(String what, Map<String, ?> changed) throws IOException {
    assertThat(refusals(onNode("node-1"), node(taint(TAINT)), changed))
        .containsExactly("an edge may remove its startup taint and change nothing else");
  }

  @Test
  void anEdgeMayNotRemoveAnothersTaint() throws IOException {
    assertThat(refusals(onNode("node-1"), node(taint("a"), taint(TAINT)), node()))
        .containsExactly("an edge may remove its startup taint and change nothing else");
  }

  /** The policy's rejections when an edge on node-1 writes an Event; empty if it permits it. */
  private static List<String> refusalsOfEvent(Map<String, ?> changed) throws IOException {
    Map<String, Object> event =
        new HashMap<>(
            Map.of(
                "involvedObject",
                Map.of("kind", "Node", "name", "node-1"),
                "type",
                "Warning",
                "reason",
                "StartupTaintRemoved",
                "source",
                Map.of("component", "claviger")));
    event.putAll(changed);
    Map<String, ?> user = Map.of("username", EDGE, "extra", onNode("node-1"));
    return refusals(
        policy("claviger-edge-startup-taint-events"),
        Map.of("request", Map.of("userInfo", user), "object", event));
  }

  @Test
  void anEdgeMayWriteAnEventAboutItsOwnTaintAlone() throws IOException {
    assertThat(refusalsOfEvent(Map.of())).isEmpty();
    assertThat(
            Stream.of(
                Map.of("kind", "Node", "name", "node-2"), Map.of("kind", "Pod", "name", "node-1")))
        .allSatisfy(
            about ->
                assertThat(refusalsOfEvent(Map.of("involvedObject", about)))
                    .containsExactly("an edge may write Events about its own node only"));
    assertThat(
            Stream.of(
                Map.of("reason", "NodeNotReady"),
                Map.of("type", "Normal"),
                Map.of("source", Map.of("component", "kubelet"))))
        .allSatisfy(
            other ->
                assertThat(refusalsOfEvent(other))
                    .containsExactly(
                        "an edge may say that it removed its startup taint and nothing else"));
  }

  @Test
  void thePolicyIsForEdgesAlone() throws IOException {
    Map<String, ?> kubelet =
        Map.of(
            "request",
            Map.of("userInfo", Map.of("username", "system:node:node-1")),
            "object",
            node(),
            "oldObject",
            node(taint(TAINT)));

    assertThat(List.of("claviger-edge-startup-taint", "claviger-edge-startup-taint-events"))
        .allSatisfy(
            name -> {
              assertThat(policy(name).getSpec().getMatchConditions()).isNotEmpty();
              assertThat(isMatched(policy(name), kubelet)).isFalse();
            });
  }
}
