package io.claviger.launcher.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.broker.yaml.YamlReading;
import io.claviger.localmesh.MeshException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster's API server has on the brokers there. Blocks. Every failure is a {@link
 * MeshException} that names the remedy.
 */
public final class KubeBrokers implements AutoCloseable {

  private static final String AUTHORITY = "claviger-ca";
  private static final String AUTHORITY_FILE = "ca.crt";
  private static final String ACCESS_KEYS = "claviger-access-keys";
  private static final String ACCESS_KEYS_FILE = "access-keys.yaml";
  private static final String SETTINGS = "claviger-broker-config";
  private static final Duration REQUEST = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final KubeTarget target;

  /** Takes over the client and closes it. */
  KubeBrokers(KubernetesClient client, KubeTarget target) {
    this.client = client;
    this.target = target;
  }

  /**
   * Reads the kubeconfig.
   *
   * @param context of the kubeconfig; null for the current one
   * @throws MeshException when the kubeconfig does not have the context
   */
  public static KubeBrokers open(@Nullable String context, String namespace) {
    Config found = Config.autoConfigure(context);
    if (context != null && found.getCurrentContext() == null) {
      throw new MeshException("the kubeconfig has no context " + context);
    }
    Config config =
        new ConfigBuilder(found)
            .withConnectionTimeout((int) REQUEST.toMillis())
            .withRequestTimeout((int) REQUEST.toMillis())
            .withRequestRetryBackoffLimit(1)
            .build();
    return new KubeBrokers(
        new KubernetesClientBuilder().withConfig(config).build(),
        KubeTarget.of(Config.getKubeconfigFilenames(), found, namespace));
  }

  /** The cluster and the namespace of the brokers. */
  public KubeTarget target() {
    return target;
  }

  /** A broker that is ready. */
  public Pod ready() {
    List<Pod> pods =
        asking(
            "pods",
            () ->
                client
                    .pods()
                    .inNamespace(target.namespace())
                    .withLabel("app.kubernetes.io/name", "claviger-broker")
                    .list()
                    .getItems());
    return pods.stream()
        .filter(Readiness::isPodReady)
        .findFirst()
        .orElseThrow(
            () ->
                new MeshException(
                    "no broker is ready in the namespace %s (%d pods): %s"
                        .formatted(
                            target.namespace(),
                            pods.size(),
                            target.typed(
                                "get", "pods", "-l", "app.kubernetes.io/name=claviger-broker"))));
  }

  /** The certificates, PEM, that verify the brokers' certificate. */
  public String authority() {
    return text(map(AUTHORITY), AUTHORITY_FILE)
        .orElseThrow(
            () ->
                new MeshException(
                    "there is no ConfigMap %s with %s in the namespace %s: ./claviger pki writes it; otherwise name the file of the authority: --ca FILE"
                        .formatted(AUTHORITY, AUTHORITY_FILE, target.namespace())));
  }

  /**
   * An access key from a broker's Secret.
   *
   * @param name of the key; absent for the only one that is not a node's
   */
  public ApiKey accessKey(Pod broker, Optional<String> name) {
    // The Secret's name may end in a hash of its content.
    String found =
        mounted(broker, Volume::getSecret, SecretVolumeSource::getSecretName, ACCESS_KEYS)
            .findFirst()
            .orElse(ACCESS_KEYS);
    @Nullable Secret secret =
        asking(
            "the Secret " + found,
            () -> client.secrets().inNamespace(target.namespace()).withName(found).get());
    String file =
        text(secret == null ? null : secret.getData(), ACCESS_KEYS_FILE)
            .map(KubeBrokers::decoded)
            .orElseThrow(
                () ->
                    new MeshException(
                        "there is no Secret %s with %s in the namespace %s: see k8s/README.md; or name a profile of your AWS configuration: --profile NAME"
                            .formatted(found, ACCESS_KEYS_FILE, target.namespace())));
    List<JsonNode> keys =
        elements(yaml(file, ACCESS_KEYS_FILE).path("accessKeys"))
            .filter(key -> name.map(key.path("name").asText()::equals).orElse(!key.has("node")))
            .toList();
    if (keys.isEmpty()) {
      throw new MeshException(
          "the Secret %s has no access key %s: see k8s/README.md for how to add one; or name a profile of your AWS configuration: --profile NAME"
              .formatted(
                  found, name.map(one -> "with the name " + one).orElse("(except nodes' keys)")));
    }
    if (keys.size() > 1) {
      throw new MeshException(
          "the Secret %s has %d access keys: name one with --key NAME"
              .formatted(found, keys.size()));
    }
    return new ApiKey(
        keys.getFirst().path("accessKeyId").asText(),
        keys.getFirst().path("secretAccessKey").asText());
  }

  /**
   * A registered cluster, from the brokers' settings.
   *
   * @param name in requests
   * @param region of the cluster
   */
  public record Registered(String name, String region) {}

  /** The only cluster that a broker's settings register; empty if there are more. */
  public Optional<Registered> onlyCluster(Pod broker) {
    List<Registered> clusters =
        mounted(broker, Volume::getConfigMap, ConfigMapVolumeSource::getName, SETTINGS)
            .flatMap(name -> text(map(name), "cluster.yaml").stream())
            .flatMap(text -> elements(yaml(text, "cluster.yaml").at("/claviger/broker/clusters")))
            .filter(one -> one.has("name") && one.has("region"))
            .map(one -> new Registered(one.get("name").asText(), one.get("region").asText()))
            .toList();
    return clusters.size() == 1 ? Optional.of(clusters.getFirst()) : Optional.empty();
  }

  /** The pod's volumes of one kind whose names have this prefix. */
  private static <S> Stream<String> mounted(
      Pod pod, Function<Volume, @Nullable S> kind, Function<S, String> name, String beginning) {
    return pod.getSpec().getVolumes().stream()
        .flatMap(volume -> Stream.ofNullable(kind.apply(volume)))
        .map(name)
        .filter(one -> one.startsWith(beginning));
  }

  private @Nullable Map<String, String> map(String name) {
    @Nullable ConfigMap map =
        asking(
            "the ConfigMap " + name,
            () -> client.configMaps().inNamespace(target.namespace()).withName(name).get());
    return map == null ? null : map.getData();
  }

  private <T> T asking(String what, Supplier<T> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new MeshException(
            "you may not read %s in the namespace %s; instead of the Secret, use --profile NAME; instead of the ConfigMap claviger-ca, use --ca FILE"
                .formatted(what, target.namespace()),
            e);
      }
      String reason = e.getCode() == 0 ? "no answer" : "HTTP status " + e.getCode();
      throw new MeshException(
          "the API server %s does not return %s: %s".formatted(client.getMasterUrl(), what, reason),
          e);
    }
  }

  private static Optional<String> text(@Nullable Map<String, String> data, String file) {
    return Optional.ofNullable(data).map(texts -> texts.get(file)).filter(Objects::nonNull);
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  /** Parses YAML. The message repeats nothing of the text, which may be a secret. */
  private static JsonNode yaml(String text, String file) {
    try {
      return YamlReading.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new MeshException(file + " is not YAML");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
