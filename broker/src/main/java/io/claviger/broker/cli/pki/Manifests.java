package io.claviger.broker.cli.pki;

import io.claviger.broker.cli.manifest.YamlText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** YAML of Kubernetes objects and configurations that hold or name certificates and keys. */
final class Manifests {

  /** The directory on an API server: the path must be absolute; kubeadm mounts its parent. */
  private static final String API_SERVER_FILES = "/etc/kubernetes/pki/claviger-webhook";

  /** The file for an API server's {@code --admission-control-config-file}. */
  static final String ADMISSION_CONFIGURATION =
      YamlText.document(
          configuration(
              "apiserver.config.k8s.io/v1",
              "AdmissionConfiguration",
              Map.of(
                  "plugins",
                  List.of(
                      of(
                          "name",
                          "MutatingAdmissionWebhook",
                          "configuration",
                          configuration(
                              "apiserver.config.k8s.io/v1",
                              "WebhookAdmissionConfiguration",
                              Map.of("kubeConfigFile", API_SERVER_FILES + "/kubeconfig.yaml")))))));

  private static final Map<String, Object> LABELS = Map.of("app.kubernetes.io/part-of", "claviger");

  private Manifests() {}

  /** Returns a Secret. It uses {@code data}: a key removed from {@code stringData} would stay. */
  static String secret(String namespace, String name, String type, Map<String, String> texts) {
    Map<String, Object> data = new TreeMap<>();
    texts.forEach((key, text) -> data.put(key, base64(text)));
    Map<String, Object> secret = object("v1", "Secret", named(namespace, name));
    secret.put("type", type);
    secret.put("data", data);
    return YamlText.document(secret);
  }

  /** Returns a ConfigMap. */
  static String configMap(String namespace, String name, Map<String, Object> texts) {
    Map<String, Object> map = object("v1", "ConfigMap", named(namespace, name));
    map.put("data", new TreeMap<>(texts));
    return YamlText.document(map);
  }

  /** Returns a strategic merge patch with the CA certificates of the webhook's server. */
  static String webhookPatch(String authorities) {
    Map<String, Object> configuration =
        object(
            "admissionregistration.k8s.io/v1",
            "MutatingWebhookConfiguration",
            Map.of("name", Mesh.WEBHOOK_CONFIGURATION));
    configuration.put(
        "webhooks", Mesh.WEBHOOKS.stream().map(name -> webhook(name, authorities)).toList());
    return YamlText.document(configuration);
  }

  /**
   * Returns the kubeconfig for an API server's client certificate, a file in the same directory.
   */
  static String apiServersKubeconfig(String webhook) {
    return YamlText.document(
        configuration(
            "v1",
            "Config",
            Map.of(
                "users",
                List.of(
                    of(
                        "name",
                        webhook,
                        "user",
                        of("client-certificate", "client.crt", "client-key", "client.key"))))));
  }

  /** Returns a map of two entries in this order, so that equal input gives equal files. */
  private static Map<String, Object> of(String one, Object its, String other, Object others) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(one, its);
    map.put(other, others);
    return map;
  }

  private static Map<String, Object> configuration(
      String apiVersion, String kind, Map<String, Object> rest) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("apiVersion", apiVersion);
    configuration.put("kind", kind);
    configuration.putAll(rest);
    return configuration;
  }

  private static Map<String, Object> webhook(String name, String authorities) {
    Map<String, Object> webhook = new LinkedHashMap<>();
    webhook.put("name", name);
    webhook.put("clientConfig", Map.of("caBundle", base64(authorities)));
    return webhook;
  }

  private static Map<String, Object> object(
      String apiVersion, String kind, Map<String, Object> metadata) {
    return configuration(apiVersion, kind, Map.of("metadata", metadata));
  }

  private static Map<String, Object> named(String namespace, String name) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    metadata.put("namespace", namespace);
    metadata.put("labels", LABELS);
    return metadata;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
