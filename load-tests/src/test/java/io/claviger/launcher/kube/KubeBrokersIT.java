package io.claviger.launcher.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.launcher.kube.KubeBrokers.Registered;
import io.claviger.localmesh.MeshException;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the launcher reads from an API server, and its errors while that is unavailable. */
final class KubeBrokersIT {

  private static final String NAMESPACE = "claviger";
  private static final KubeTarget TARGET = new KubeTarget("/kubeconfig", "prod", NAMESPACE);
  private static final Pod BROKER = with(new VolumeBuilder().withName("tmp").build());
  private static final String SECRET = "not-to-be-seen-anywhere";
  private static final String KEYS =
      """
      accessKeys:
        - {name: platform, accessKeyId: PLATFORM, secretAccessKey: "%1$s"}
        - {name: agent, accessKeyId: AGENT, secretAccessKey: "%1$s", node: node-7}
      """
          .formatted(SECRET);

  private final Map<ServerRequest, Queue<ServerResponse>> expected = new HashMap<>();
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(),
          new MockWebServer(),
          expected,
          new KubernetesMixedDispatcher(expected),
          false);
  private KubernetesClient client = start();
  private KubeBrokers brokers = new KubeBrokers(client, TARGET);

  private KubernetesClient start() {
    server.init();
    return server.createClient();
  }

  @BeforeEach
  void open() {
    brokers = new KubeBrokers(client, TARGET);
  }

  @AfterEach
  void close() {
    client.close();
    server.destroy();
  }

  private void broker(String name, String ready) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .addToLabels("app.kubernetes.io/name", "claviger-broker")
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready)
                .endCondition()
                .endStatus()
                .build())
        .create();
  }

  private void map(String name, String file, String text) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(name)
                .endMetadata()
                .addToData(file, text)
                .build())
        .create();
  }

  private void keys(String text) {
    keys("claviger-access-keys", text);
  }

  private void keys(String secret, String text) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(secret)
                .endMetadata()
                .addToData(
                    "access-keys.yaml",
                    Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                .build())
        .create();
  }

  @Test
  void isSatisfiedWithOneBrokerThatIsReady() {
    broker("claviger-broker-1", "False");
    broker("claviger-broker-2", "True");

    assertThat(brokers.ready().getMetadata().getName()).isEqualTo("claviger-broker-2");
  }

  @Test
  void saysHowToLookWhenNoBrokerIsReady() {
    broker("claviger-broker-1", "False");

    assertThatThrownBy(brokers::ready)
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("no broker is ready in the namespace claviger (1 pods)")
        .hasMessageContaining("kubectl --context prod --namespace claviger get pods");
  }

  @Test
  void readsTheAuthority() {
    assertThatThrownBy(brokers::authority)
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("no ConfigMap claviger-ca")
        .hasMessageContaining("--ca FILE");

    map("claviger-ca", "ca.crt", "PEM");

    assertThat(brokers.authority()).isEqualTo("PEM");
  }

  @Test
  void takesTheOnlyKeyThatIsNoNodes() {
    keys(KEYS);

    assertThat(brokers.accessKey(BROKER, Optional.empty()))
        .isEqualTo(new ApiKey("PLATFORM", SECRET));
    assertThat(brokers.accessKey(BROKER, Optional.of("agent")).id()).isEqualTo("AGENT");
    assertThat(brokers.accessKey(BROKER, Optional.empty()).toString()).doesNotContain(SECRET);
  }

  @Test
  void asksForTheNameOfAKeyThatIsNotTheOnlyOne() {
    keys(KEYS + "  - {name: other, accessKeyId: OTHER, secretAccessKey: \"" + SECRET + "\"}\n");

    assertThatThrownBy(() -> brokers.accessKey(BROKER, Optional.empty()))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("2 access keys")
        .hasMessageContaining("--key NAME");
    assertThatThrownBy(() -> brokers.accessKey(BROKER, Optional.of("nobody")))
        .hasMessageContaining("no access key with the name nobody")
        .hasMessageContaining("--profile NAME");
  }

  @Test
  void takesTheSecretThatABrokerHas() {
    keys("claviger-access-keys-f5h6m45t7c", KEYS);
    Pod broker =
        with(
            new VolumeBuilder()
                .withNewSecret()
                .withSecretName("claviger-broker-tls")
                .endSecret()
                .build(),
            new VolumeBuilder()
                .withNewSecret()
                .withSecretName("claviger-access-keys-f5h6m45t7c")
                .endSecret()
                .build());

    assertThat(brokers.accessKey(broker, Optional.empty()).id()).isEqualTo("PLATFORM");
  }

  @Test
  void saysThatThereIsNoKey() {
    keys("accessKeys: []");

    assertThatThrownBy(() -> brokers.accessKey(BROKER, Optional.empty()))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("claviger-access-keys has no access key (except nodes' keys)")
        .hasMessageContaining("k8s/README.md")
        .hasMessageContaining("--profile NAME");
  }

  @Test
  void namesAProfileAsTheOtherWayWhenThereIsNoSecret() {
    assertThatThrownBy(() -> brokers.accessKey(BROKER, Optional.empty()))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("no Secret claviger-access-keys")
        .hasMessageContaining("--profile NAME");
  }

  @Test
  void repeatsNothingOfKeysThatItCannotRead() {
    keys("accessKeys: [" + SECRET);

    assertThatThrownBy(() -> brokers.accessKey(BROKER, Optional.empty()))
        .isInstanceOf(MeshException.class)
        .hasMessage("access-keys.yaml is not YAML")
        .hasNoCause();
  }

  @Test
  void saysWhatAnOperatorMayNotRead() {
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/claviger/secrets/claviger-access-keys")
        .andReturn(403, "{\"kind\":\"Status\",\"code\":403}")
        .always();

    assertThatThrownBy(() -> brokers.accessKey(BROKER, Optional.empty()))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("may not read the Secret claviger-access-keys")
        .hasMessageContaining("--profile NAME");
  }

  private static Pod with(Volume... volumes) {
    return new PodBuilder().withNewSpec().withVolumes(volumes).endSpec().build();
  }

  private static Pod withSettings(String map) {
    return with(
        new VolumeBuilder().withNewConfigMap().withName(map).endConfigMap().build(),
        new VolumeBuilder().withName("tmp").build());
  }

  @Test
  void readsTheOnlyClusterInTheSettingsOfABroker() {
    String one = "{name: prod-%d, region: eu-west-%d, account: x}";
    String text = "claviger: {broker: {clusters: [%s]}}";
    map("claviger-broker-config-new", "cluster.yaml", text.formatted(one.formatted(1, 1)));
    map(
        "claviger-broker-config-two",
        "cluster.yaml",
        text.formatted(one.formatted(1, 1) + ", " + one.formatted(2, 2)));

    assertThat(brokers.onlyCluster(withSettings("claviger-broker-config-new")))
        .contains(new Registered("prod-1", "eu-west-1"));
    assertThat(brokers.onlyCluster(withSettings("claviger-broker-config-two"))).isEmpty();
    assertThat(brokers.onlyCluster(withSettings("claviger-broker-config-gone"))).isEmpty();
  }
}
