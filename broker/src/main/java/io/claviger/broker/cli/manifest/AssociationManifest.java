package io.claviger.broker.cli.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.claviger.broker.yaml.YamlReading;
import io.claviger.schemas.Check;
import io.claviger.schemas.association.AssociationSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Associations as YAML documents of {@code kind: PodIdentityAssociation}, the objects of the CRD.
 * Reading is strict, because a misspelt field could silently give a pod another role. An unknown,
 * missing or duplicate field, or a wrong type, is an error that names the document and the field.
 * Written associations read back as equal.
 */
public final class AssociationManifest {

  /** The required {@code apiVersion}. */
  public static final String API_VERSION = "claviger.io/v1alpha1";

  /** The required {@code kind}. */
  public static final String KIND = "PodIdentityAssociation";

  private static final TypeReference<LinkedHashMap<String, Object>> FIELDS =
      new TypeReference<>() {};

  private AssociationManifest() {}

  /**
   * Reads all documents of a text.
   *
   * @throws InvalidManifestException when any document is invalid; the message names the problem
   */
  public static List<AssociationSpec> parse(String yaml) {
    List<AssociationSpec> specs = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    int document = 0;
    try (MappingIterator<JsonNode> documents =
        YamlReading.mapper().readerFor(JsonNode.class).readValues(yaml)) {
      while (documents.hasNextValue()) {
        document++;
        JsonNode declared = documents.nextValue();
        if (!declared.isNull()) {
          AssociationSpec spec =
              YamlReading.mapper().treeToValue(declared, Declared.class).toSpec();
          if (!seen.add(spec.namespace() + "/" + spec.serviceAccount())) {
            throw new IllegalArgumentException(
                "another document already declares "
                    + spec.namespace()
                    + "/"
                    + spec.serviceAccount());
          }
          specs.add(spec);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidManifestException(Math.max(document, 1), problem(e));
    }
    if (specs.isEmpty()) {
      throw new InvalidManifestException(1, "there is no " + KIND);
    }
    return specs;
  }

  /** Writes associations as documents, in the given order. Equal associations give equal text. */
  public static String write(List<AssociationSpec> specs) {
    StringBuilder yaml = new StringBuilder();
    for (AssociationSpec spec : specs) {
      yaml.append(YamlText.document(YamlReading.mapper().convertValue(Declared.of(spec), FIELDS)));
    }
    return yaml.toString();
  }

  /** Thrown for an invalid manifest. The message names the document, from 1, and the field. */
  public static final class InvalidManifestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidManifestException(int document, String problem) {
      this("document " + document + ": " + problem);
    }

    public InvalidManifestException(String message) {
      super(message);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec"})
  private record Declared(
      @Nullable String apiVersion,
      @Nullable String kind,
      @Nullable Metadata metadata,
      @Nullable Spec spec) {

    static Declared of(AssociationSpec spec) {
      return new Declared(
          API_VERSION,
          KIND,
          new Metadata(spec.serviceAccount(), spec.namespace()),
          new Spec(
              spec.serviceAccount(),
              spec.roleArn(),
              spec.targetRoleArn(),
              spec.disableSessionTags() ? true : null,
              spec.policy(),
              spec.tags().isEmpty() ? null : new TreeMap<>(spec.tags())));
    }

    AssociationSpec toSpec() {
      same("apiVersion", API_VERSION, apiVersion);
      same("kind", KIND, kind);
      if (metadata == null || spec == null) {
        throw new IllegalArgumentException(
            (metadata == null ? "metadata" : "spec") + " is missing");
      }
      Check.text(metadata.name(), "metadata.name");
      return new AssociationSpec(
          Check.text(metadata.namespace(), "metadata.namespace"),
          Check.text(spec.serviceAccount(), "spec.serviceAccount"),
          Check.text(spec.roleArn(), "spec.roleArn"),
          spec.targetRoleArn(),
          Boolean.TRUE.equals(spec.disableSessionTags()),
          spec.policy(),
          spec.tags() == null ? Map.of() : spec.tags());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"name", "namespace"})
  private record Metadata(@Nullable String name, @Nullable String namespace) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({
    "serviceAccount",
    "roleArn",
    "targetRoleArn",
    "disableSessionTags",
    "policy",
    "tags"
  })
  private record Spec(
      @Nullable String serviceAccount,
      @Nullable String roleArn,
      @Nullable String targetRoleArn,
      @Nullable Boolean disableSessionTags,
      @Nullable String policy,
      @Nullable Map<String, String> tags) {}

  private static void same(String field, String wanted, @Nullable String found) {
    if (!wanted.equals(found)) {
      throw new IllegalArgumentException(field + " must be " + wanted + ", not " + found);
    }
  }

  private static String problem(Exception e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "unknown field " + YamlReading.path(unknown);
    }
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return YamlReading.path(mapping) + ": " + mapping.getOriginalMessage();
    }
    return e instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }
}
