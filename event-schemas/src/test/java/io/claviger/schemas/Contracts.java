package io.claviger.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.event.CredentialEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The golden samples and the schemas, for the tests. */
final class Contracts {

  private static final JsonMapper PLAIN = JsonMapper.builder().build();

  private Contracts() {}

  /** A sample, its schema and its record type. */
  record Sample(String name, String schema, Class<?> type) {
    String text() {
      return resource("/samples/" + name + ".json");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Sample> samples() {
    return Stream.of(
            commands(
                "create", "put", "update", "delete", "tag", "untag", "revoke", "restore", "bind"),
            Stream.of(
                new Sample("association-change", "association-change", AssociationChange.class),
                new Sample("log-head", "log-head", LogHead.class),
                new Sample("revocation-change", "revocation-change", RevocationChange.class),
                outcome("accepted"),
                outcome("settled"),
                outcome("bound"),
                outcome("refused"),
                event("issued"),
                event("delivered"),
                event("injected"),
                event("refused")))
        .flatMap(s -> s);
  }

  static JsonNode tree(String json) {
    try {
      return PLAIN.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode schema(String name) {
    return tree(resource("/schemas/" + name + ".v1.json"));
  }

  static List<String> required(JsonNode schema) {
    return schema.path("required").valueStream().map(JsonNode::asText).toList();
  }

  private static Stream<Sample> commands(String... operations) {
    return Stream.of(operations)
        .map(
            operation ->
                new Sample(
                    "association-command." + operation,
                    "association-command",
                    AssociationCommand.class));
  }

  private static Sample outcome(String result) {
    return new Sample(
        "association-outcome." + result, "association-outcome", AssociationOutcome.class);
  }

  private static Sample event(String type) {
    return new Sample("credential-event." + type, "credential-event", CredentialEvent.class);
  }

  private static String resource(String path) {
    try (InputStream in = Contracts.class.getResourceAsStream(path)) {
      return new String(Objects.requireNonNull(in, path).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
