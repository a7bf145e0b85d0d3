package io.claviger.k8s;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads manifests with the Kubernetes client's models. Unlike the client and {@code kubectl}, it
 * rejects fields that a model does not have.
 */
final class K8sModels {

  private static final KubernetesSerialization KINDS = new KubernetesSerialization();

  /** Groups for which the client has no models. */
  private static final Set<String> WITHOUT_MODEL =
      Set.of("claviger.io", "monitoring.coreos.com", "cert-manager.io");

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(new NothingElse())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private K8sModels() {}

  /** Disables the setters with which the models accept unknown fields. */
  private static final class NothingElse extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
      return false;
    }
  }

  /**
   * All documents of a text.
   *
   * @throws IllegalArgumentException for a kind or a field that does not exist
   */
  static List<HasMetadata> read(String yaml) {
    Iterable<Object> documents = new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml);
    return StreamSupport.stream(documents.spliterator(), false).map(K8sModels::read).toList();
  }

  private static HasMetadata read(Object document) {
    if (!(document instanceof Map<?, ?> fields)) {
      throw new IllegalArgumentException("no object: " + document);
    }
    String version = String.valueOf(fields.get("apiVersion"));
    String kind = String.valueOf(fields.get("kind"));
    if (WITHOUT_MODEL.contains(version.substring(0, Math.max(0, version.indexOf('/'))))) {
      return new JsonMapper().convertValue(document, GenericKubernetesResource.class);
    }
    Class<?> model = KINDS.getRegisteredKubernetesResource(version, kind);
    if (model == null || !HasMetadata.class.isAssignableFrom(model)) {
      throw new IllegalArgumentException("no such kind: " + version + " " + kind);
    }
    try {
      return (HasMetadata) STRICT.convertValue(document, model);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(kind + ": " + e.getMessage(), e);
    }
  }
}
