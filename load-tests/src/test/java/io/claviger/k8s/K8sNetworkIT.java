package io.claviger.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.broker.app.BrokerSettings;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The brokers' inbound and outbound network: network policies, services, the webhook. */
final class K8sNetworkIT {

  private static final String OVERLAYS = "io.claviger.k8s.K8sOverlay#names";
  private static final String ADMISSION = "claviger.io/admission";
  private static final String INJECT = "claviger.io/inject";
  private static final int DNS = 53;
  private static final int HTTPS = 443;
  private static final int API_SERVER = 6443;
  private static final int HAZELCAST = 5701;
  private static final int BUS = 7444;

  private static List<NetworkPolicy> ofBrokers(K8sOverlay overlay) {
    return overlay.all(NetworkPolicy.class).stream()
        .filter(
            policy ->
                "claviger-broker"
                    .equals(
                        policy
                            .getSpec()
                            .getPodSelector()
                            .getMatchLabels()
                            .get("app.kubernetes.io/name")))
        .toList();
  }

  private static Set<Integer> numbers(Stream<NetworkPolicyPort> ports) {
    return ports.map(port -> port.getPort().getIntVal()).collect(Collectors.toSet());
  }

  private static Set<Integer> open(K8sOverlay overlay) {
    return numbers(
        ofBrokers(overlay).stream()
            .flatMap(policy -> policy.getSpec().getIngress().stream())
            .flatMap(rule -> rule.getPorts().stream()));
  }

  private static Set<Integer> reached(K8sOverlay overlay) {
    return numbers(
        ofBrokers(overlay).stream()
            .flatMap(policy -> policy.getSpec().getEgress().stream())
            .flatMap(rule -> rule.getPorts().stream()));
  }

  private static List<ContainerPort> ports(K8sOverlay overlay) {
    return overlay.broker().getSpec().getTemplate().getSpec().getContainers().getFirst().getPorts();
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void brokersAreClosedButForTheirPorts(String name) {
    K8sOverlay overlay = K8sOverlay.render(name);

    assertThat(ofBrokers(overlay))
        .anyMatch(
            policy ->
                policy.getSpec().getIngress().isEmpty()
                    && policy.getSpec().getEgress().isEmpty()
                    && policy.getSpec().getPolicyTypes().containsAll(List.of("Ingress", "Egress")));
    assertThat(open(overlay))
        .isEqualTo(
            ports(overlay).stream()
                .map(ContainerPort::getContainerPort)
                .collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void brokersReachEachOtherKafkaStsTheApiServerAndNames(String name) {
    K8sOverlay overlay = K8sOverlay.render(name);
    BrokerSettings settings = K8sSettings.ofBroker(overlay);
    Set<Integer> expected = K8sSettings.kafkaPorts(settings);
    settings.sts().endpoint().ifPresent(standIn -> expected.add(standIn.getPort()));
    expected.addAll(List.of(DNS, HTTPS, API_SERVER, HAZELCAST, BUS));

    assertThat(reached(overlay)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void onlyBrokersReachWhatHasNoTlsOfItsOwn(String name) {
    assertThat(ofBrokers(K8sOverlay.render(name)))
        .flatExtracting(policy -> policy.getSpec().getIngress())
        .filteredOn(rule -> numbers(rule.getPorts().stream()).contains(HAZELCAST))
        .isNotEmpty()
        .allSatisfy(
            rule ->
                assertThat(rule.getFrom())
                    .isNotEmpty()
                    .allMatch(
                        peer ->
                            peer.getNamespaceSelector() == null
                                && "claviger-broker"
                                    .equals(
                                        peer.getPodSelector()
                                            .getMatchLabels()
                                            .get("app.kubernetes.io/name"))));
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void edgesSeeEveryReadyBrokerAndBrokersAlsoThoseThatAreNot(String name) {
    K8sOverlay overlay = K8sOverlay.render(name);
    Service bridge = overlay.only(Service.class, "claviger-bridge");
    Service peers = overlay.only(Service.class, "claviger-peers");

    assertThat(List.of(bridge, peers))
        .allMatch(service -> service.getSpec().getClusterIP().equals("None"));
    assertThat(bridge.getSpec().getPublishNotReadyAddresses()).isNull();
    assertThat(peers.getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(overlay.only(Service.class, "claviger-broker").getSpec().getClusterIP()).isNull();
    assertThat(overlay.all(Service.class))
        .filteredOn(service -> service.getMetadata().getName().startsWith("claviger"))
        .allMatch(
            service ->
                service
                    .getSpec()
                    .getSelector()
                    .equals(overlay.broker().getSpec().getSelector().getMatchLabels()))
        .flatExtracting(service -> service.getSpec().getPorts())
        .allMatch(
            port ->
                ports(overlay).stream()
                    .anyMatch(one -> one.getName().equals(port.getTargetPort().getStrVal())));
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void theWebhookLeavesOutWhatBrokersNeedAndKeepsNoPodFromStartingUnlessAsked(String name) {
    List<MutatingWebhook> webhooks =
        K8sOverlay.render(name)
            .only(MutatingWebhookConfiguration.class, "claviger-pod-identity")
            .getWebhooks();

    assertThat(webhooks)
        .extracting(MutatingWebhook::getName, MutatingWebhook::getFailurePolicy)
        .containsExactly(
            tuple("pod-identity.claviger.io", "Ignore"),
            tuple("pod-identity-required.claviger.io", "Fail"),
            tuple("pod-identity-always.claviger.io", "Ignore"),
            tuple("pod-identity-always-required.claviger.io", "Fail"));
    assertThat(webhooks)
        .allSatisfy(
            webhook -> {
              assertThat(webhook.getTimeoutSeconds()).isEqualTo(5);
              assertThat(webhook.getReinvocationPolicy()).isEqualTo("IfNeeded");
              assertThat(webhook.getSideEffects()).isEqualTo("NoneOnDryRun");
              assertThat(webhook.getMatchPolicy()).isEqualTo("Equivalent");
              assertThat(webhook.getClientConfig().getService().getPath())
                  .isEqualTo(isFor(webhook, INJECT, "always") ? "/mutate/always" : "/mutate");
              assertThat(isFor(webhook, ADMISSION, "required"))
                  .isEqualTo(webhook.getFailurePolicy().equals("Fail"));
              assertThat(webhook.getNamespaceSelector().getMatchExpressions())
                  .anySatisfy(K8sNetworkIT::excludesWhatBrokersNeed);
              assertThat(webhook.getObjectSelector().getMatchExpressions())
                  .anyMatch(
                      one ->
                          one.getKey().equals("eks.amazonaws.com/skip-pod-identity-webhook")
                              && one.getOperator().equals("DoesNotExist"));
            });
    assertThat(webhooks)
        .extracting(
            webhook -> isFor(webhook, ADMISSION, "required"),
            webhook -> isFor(webhook, INJECT, "always"))
        .containsExactlyInAnyOrder(
            tuple(false, false), tuple(true, false), tuple(false, true), tuple(true, true));
  }

  /** Whether a webhook applies to namespaces with this label, and not to those without it. */
  private static boolean isFor(MutatingWebhook webhook, String label, String value) {
    List<String> operators =
        webhook.getNamespaceSelector().getMatchExpressions().stream()
            .filter(one -> one.getKey().equals(label) && one.getValues().equals(List.of(value)))
            .map(LabelSelectorRequirement::getOperator)
            .toList();
    assertThat(operators).hasSize(1).containsAnyOf("In", "NotIn");
    return operators.equals(List.of("In"));
  }

  private static void excludesWhatBrokersNeed(LabelSelectorRequirement one) {
    assertThat(one.getKey()).isEqualTo("kubernetes.io/metadata.name");
    assertThat(one.getOperator()).isEqualTo("NotIn");
    assertThat(one.getValues()).contains("kube-system", "claviger", "kafka");
  }
}
