package io.claviger.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.app.BrokerSettings;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.edge.app.EdgeSettings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs can read the overlays' settings, and the settings fit the other manifests. */
final class K8sSettingsIT {

  private static final String OVERLAYS = "io.claviger.k8s.K8sOverlay#names";

  /** The objects that no overlay has, because they are secret or specific to the cluster. */
  private static final Set<String> MADE_BY_HAND =
      Set.of(
          "claviger-broker-tls",
          "claviger-peer-tls",
          "claviger-sealing-keys",
          "claviger-access-keys",
          "claviger-ca",
          "claviger-edge-tls",
          "claviger-aws-credentials",
          "claviger-webhook-clients",
          "claviger-kafka");

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void aBrokerReadsItsSettingsAndListensOnThePortsThatItsPodNames(String name) {
    K8sOverlay overlay = K8sOverlay.render(name);
    BrokerSettings settings = K8sSettings.ofBroker(overlay);
    Map<String, Integer> ports =
        overlay
            .broker()
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst()
            .getPorts()
            .stream()
            .collect(Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort));

    assertThat(ports)
        .containsEntry("bridge", settings.bridge().port())
        .containsEntry("api", settings.api().port())
        .containsEntry("hazelcast", settings.peers().port())
        .containsEntry("bus", settings.peers().busPort())
        .containsEntry("management", settings.management().port())
        .containsEntry("webhook", 7446);
    assertThat(
            List.of(settings.bridge().host(), settings.api().host(), settings.management().host()))
        .containsOnly("0.0.0.0");
    assertThat(settings.peers().host())
        .isEqualTo(settings.peers().busHost())
        .isEqualTo("10.0.0.11");
    assertThat(settings.peers().members())
        .containsExactly(
            overlay.only(Service.class, "claviger-peers").getMetadata().getName()
                + ".claviger.svc");
    assertThat(settings.clusters().getFirst().edgeServiceAccounts())
        .containsExactly(
            "claviger/" + overlay.edge().getSpec().getTemplate().getSpec().getServiceAccountName());
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void anEdgeReadsItsSettingsAndAsksAServiceThatExists(String name) {
    K8sOverlay overlay = K8sOverlay.render(name);
    EdgeSettings settings = K8sSettings.ofEdge(overlay);
    HostPort brokers = HostPort.parse(settings.upstream().brokers().getFirst());
    Service service =
        overlay.only(Service.class, brokers.host().replaceFirst("\\.claviger\\.svc$", ""));

    assertThat(service.getSpec().getPorts())
        .extracting(ServicePort::getPort)
        .contains(brokers.port());
    assertThat(settings.node()).isEqualTo("node-1");
    assertThat(settings.management().probes()).isEqualTo("127.0.0.1:2703");
    assertThat(settings.listen()).allMatch(address -> address.endsWith(":80"));
    assertThat(K8sSettings.ofBroker(overlay).clusters().getFirst().edgeAudience())
        .isEqualTo(
            overlay.edge().getSpec().getTemplate().getSpec().getVolumes().stream()
                .flatMap(volume -> Optional.ofNullable(volume.getProjected()).stream())
                .flatMap(projected -> projected.getSources().stream())
                .flatMap(source -> Optional.ofNullable(source.getServiceAccountToken()).stream())
                .flatMap(token -> Optional.ofNullable(token.getAudience()).stream())
                .findFirst()
                .orElseThrow());
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void everyFileOfTheSettingsIsMounted(String name) {
    K8sOverlay overlay = K8sOverlay.render(name);
    BrokerSettings broker = K8sSettings.ofBroker(overlay);
    EdgeSettings edge = K8sSettings.ofEdge(overlay);

    assertThat(
            Stream.of(
                broker.bridge().tls().certificate(),
                broker.peers().tls().key(),
                broker.peers().ca(),
                broker.peers().sealingKeys().resolve("active"),
                broker.api().accessKeys().orElseThrow(),
                broker.api().grants().orElseThrow()))
        .allMatch(file -> mounts(overlay.broker().getSpec().getTemplate().getSpec(), file));
    assertThat(Stream.of(edge.upstream().ca(), edge.upstream().tokenFile()))
        .allMatch(file -> mounts(overlay.edge().getSpec().getTemplate().getSpec(), file));
  }

  private static boolean mounts(PodSpec pod, Path file) {
    return pod.getContainers().getFirst().getVolumeMounts().stream()
        .anyMatch(mount -> Path.of(mount.getMountPath()).equals(file.getParent()));
  }

  @ParameterizedTest
  @MethodSource(OVERLAYS)
  void whatIsMountedIsRenderedOrNamedInTheReadme(String name) {
    K8sOverlay overlay = K8sOverlay.render(name);
    Set<String> rendered =
        Stream.concat(overlay.all(ConfigMap.class).stream(), overlay.all(Secret.class).stream())
            .map(one -> one.getMetadata().getName())
            .collect(Collectors.toSet());

    assertThat(overlay.pods().values())
        .flatExtracting(PodSpec::getVolumes)
        .flatExtracting(
            volume ->
                Stream.concat(
                        Optional.ofNullable(volume.getConfigMap())
                            .map(one -> one.getName())
                            .stream(),
                        Optional.ofNullable(volume.getSecret())
                            .map(one -> one.getSecretName())
                            .stream())
                    .toList())
        .isNotEmpty()
        .allMatch(mounted -> rendered.contains(mounted) || MADE_BY_HAND.contains(mounted));
  }

  @Test
  void thePasswordForKafkaIsReadFromItsFile() {
    Map<String, String> properties =
        K8sSettings.ofBroker(K8sOverlay.render("production")).kafka().properties();

    assertThat(properties)
        .containsEntry(
            "sasl.jaas.config", "${file:/etc/claviger/kafka/sasl.properties:sasl.jaas.config}");
    assertThat(AdminClientConfig.configNames())
        .containsAll(
            properties.keySet().stream().filter(key -> !key.startsWith("config.")).toList());
  }
}
