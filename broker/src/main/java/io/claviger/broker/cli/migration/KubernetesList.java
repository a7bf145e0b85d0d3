package io.claviger.broker.cli.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import io.claviger.broker.yaml.YamlReading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Kubernetes objects in the output of {@code kubectl get -o yaml} or {@code -o json}. */
final class KubernetesList {

  private KubernetesList() {}

  /**
   * Returns all objects of a text, including those of lists and of several documents.
   *
   * @throws IllegalArgumentException when the text is neither YAML nor JSON, or has no objects
   */
  static List<JsonNode> read(String text) {
    List<JsonNode> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        YamlReading.mapper().readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        if (document.path("items").isArray()) {
          document.path("items").forEach(objects::add);
        } else if (document.hasNonNull("kind")) {
          objects.add(document);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("neither YAML nor JSON", e);
    }
    if (objects.isEmpty()) {
      throw new IllegalArgumentException(
          "the input contains no objects: use the output of kubectl get ... -A -o yaml");
    }
    return objects;
  }

  static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asText("");
  }

  /** {@code kind namespace/name}. */
  static String named(JsonNode object) {
    return object.path("kind").asText("object")
        + " "
        + namespace(object)
        + "/"
        + object.path("metadata").path("name").asText("");
  }
}
