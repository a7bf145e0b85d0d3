package io.claviger.broker.cli.pki;

import io.claviger.broker.cli.YamlText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Kubernetes objects that hold certificates and keys, as YAML. */
final class Manifests {

  private static final Map<String, Object> LABELS = Map.of("app.kubernetes.io/part-of", "claviger");

  private Manifests() {}

  /** A Secret of texts; {@code data}, as what is taken out of {@code stringData} stays. */
  static String secret(String namespace, String name, String type, Map<String, String> texts) {
    Map<String, Object> data = new TreeMap<>();
    texts.forEach((key, text) -> data.put(key, base64(text)));
    Map<String, Object> secret = object("v1", "Secret", named(namespace, name));
    secret.put("type", type);
    secret.put("data", data);
    return YamlText.document(secret);
  }

  /** A ConfigMap of texts. */
  static String configMap(String namespace, String name, Map<String, Object> texts) {
    Map<String, Object> map = object("v1", "ConfigMap", named(namespace, name));
    map.put("data", new TreeMap<>(texts));
    return YamlText.document(map);
  }

  /** A strategic merge patch: whom the API server trusts when it asks the webhook. */
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

  private static Map<String, Object> webhook(String name, String authorities) {
    Map<String, Object> webhook = new LinkedHashMap<>();
    webhook.put("name", name);
    webhook.put("clientConfig", Map.of("caBundle", base64(authorities)));
    return webhook;
  }

  private static Map<String, Object> object(
      String apiVersion, String kind, Map<String, Object> metadata) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("apiVersion", apiVersion);
    object.put("kind", kind);
    object.put("metadata", metadata);
    return object;
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
