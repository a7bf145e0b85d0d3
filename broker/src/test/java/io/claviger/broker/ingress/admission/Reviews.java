package io.claviger.broker.ingress.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.claviger.broker.StrictModels;
import io.claviger.schemas.SchemaJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Recorded reviews of a real API server, and the expected pods. */
final class Reviews {

  static final Injection USUAL =
      new Injection("prod", "pods.eks.amazonaws.com", IpFamily.IPV4, Optional.empty(), false);

  /** The middle of the range: by default, tokens then live 82,800 s. */
  static final double RANDOM = 0.5;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Reviews() {}

  /** Returns the review of the named pod. */
  record Review(String name, JsonNode json) {
    JsonNode pod() {
      return json.at("/request/object");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Review> all() {
    return resource("reviews.jsonl")
        .lines()
        .map(line -> json(line).path("review"))
        .map(review -> new Review(name(review.at("/request/object/metadata")), review));
  }

  static Review named(String name) {
    return all().filter(review -> review.name().equals(name)).findFirst().orElseThrow();
  }

  private static String name(JsonNode metadata) {
    return metadata.path("name").asText(metadata.path("generateName").asText());
  }

  /** The expected answer to each review. */
  static JsonNode patch(String name) {
    return json(resource("patches.json")).path(name);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Pod pod(JsonNode pod) {
    return SchemaJson.read(pod.toString(), Pod.class);
  }

  static JsonNode asJson(List<PatchOperation> patch) {
    return json(SchemaJson.write(patch));
  }

  static JsonNode apply(JsonNode patch, JsonNode pod) {
    return json(StrictModels.patched(patch.toString(), pod.toString()));
  }

  /** Reads the JSON as a Kubernetes pod. Fails on an unknown field or a wrong type. */
  static io.fabric8.kubernetes.api.model.Pod strict(JsonNode pod) {
    ObjectNode known = pod.deepCopy();
    // Free-form by design.
    known.withObject("/metadata").remove("managedFields");
    return StrictModels.read(known.toString(), io.fabric8.kubernetes.api.model.Pod.class);
  }

  private static String resource(String name) {
    try (InputStream in = Reviews.class.getResourceAsStream("/admission/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
