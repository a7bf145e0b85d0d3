package io.claviger.broker.app;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.claviger.schemas.association.AssociationSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads declared associations: YAML documents of {@code kind: PodIdentityAssociation}, the objects
 * of the CRD. It is strict, as a misspelt field would silently give a pod another role: what is
 * unknown, missing, doubled or of another type is an error that names the document and the field.
 */
public final class AssociationManifest {

  /** The {@code apiVersion} that is read. */
  public static final String API_VERSION = "claviger.io/v1alpha1";

  /** The {@code kind} that is read. */
  public static final String KIND = "PodIdentityAssociation";

  private static final YAMLMapper MAPPER = mapper();

  private AssociationManifest() {}

  /**
   * Reads all documents of a text.
   *
   * @throws InvalidManifestException naming what is wrong; then none of it may be used
   */
  public static List<AssociationSpec> parse(String yaml) {
    List<AssociationSpec> specs = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    int document = 0;
    try (MappingIterator<JsonNode> documents = MAPPER.readerFor(JsonNode.class).readValues(yaml)) {
      while (documents.hasNextValue()) {
        document++;
        JsonNode declared = documents.nextValue();
        if (!declared.isNull()) {
          AssociationSpec spec = MAPPER.treeToValue(declared, Declared.class).toSpec();
          if (!seen.add(spec.namespace() + "/" + spec.serviceAccount())) {
            throw new IllegalArgumentException(
                "another document is about " + spec.namespace() + "/" + spec.serviceAccount());
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

  /** A manifest cannot be used; the message names the document, counted from 1, and the field. */
  public static final class InvalidManifestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidManifestException(int document, String problem) {
      super("document " + document + ": " + problem);
    }
  }

  private record Declared(
      @Nullable String apiVersion,
      @Nullable String kind,
      @Nullable Metadata metadata,
      @Nullable Spec spec) {

    AssociationSpec toSpec() {
      same("apiVersion", API_VERSION, apiVersion);
      same("kind", KIND, kind);
      if (metadata == null || spec == null) {
        throw new IllegalArgumentException(
            (metadata == null ? "metadata" : "spec") + " is missing");
      }
      text("metadata.name", metadata.name());
      return new AssociationSpec(
          text("metadata.namespace", metadata.namespace()),
          text("spec.serviceAccount", spec.serviceAccount()),
          text("spec.roleArn", spec.roleArn()),
          spec.targetRoleArn(),
          Boolean.TRUE.equals(spec.disableSessionTags()),
          spec.policy(),
          spec.tags() == null ? Map.of() : spec.tags());
    }
  }

  private record Metadata(@Nullable String name, @Nullable String namespace) {}

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

  private static String text(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  private static String problem(Exception e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "unknown field " + path(unknown);
    }
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return path(mapping) + ": " + mapping.getOriginalMessage();
    }
    return e instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static YAMLMapper mapper() {
    YAMLMapper mapper =
        YAMLMapper.builder(new YAMLFactory())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
    }
    return mapper;
  }
}
