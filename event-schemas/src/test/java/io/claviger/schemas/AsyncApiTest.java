package io.claviger.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AsyncApiTest {

  private static final String SCHEMAS = "../schemas/";
  private final JsonNode api = read();

  private static JsonNode read() {
    try (InputStream in = AsyncApiTest.class.getResourceAsStream("/asyncapi/claviger.v1.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode channel(Topics.Definition topic) {
    return api.path("channels")
        .valueStream()
        .filter(channel -> channel.path("address").asText().equals(topic.name()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no channel for " + topic.name()));
  }

  @Test
  void describesEveryTopicAsItIsCreated() {
    assertThat(api.path("channels").size()).isEqualTo(Topics.all().size());
    for (Topics.Definition topic : Topics.all()) {
      JsonNode kafka = channel(topic).at("/bindings/kafka");
      String policies =
          kafka
              .at("/topicConfiguration/cleanup.policy")
              .valueStream()
              .map(JsonNode::asText)
              .collect(Collectors.joining(","));
      assertThat(kafka.path("partitions").asInt()).isEqualTo(topic.partitions());
      assertThat(policies).isEqualTo(topic.settings().get("cleanup.policy"));
    }
  }

  @Test
  void namesOnlyWhatIsThere() {
    references(api)
        .forEach(
            reference -> {
              if (reference.startsWith(SCHEMAS)) {
                assertThat(
                        AsyncApiTest.class.getResource(
                            "/schemas/" + reference.substring(SCHEMAS.length())))
                    .as(reference)
                    .isNotNull();
              } else {
                assertThat(api.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
              }
            });
  }

  @Test
  void listsTheHeadersOfTombstones() {
    Set<String> headers =
        Arrays.stream(AssociationChange.class.getFields())
            .filter(field -> field.getName().startsWith("HEADER_"))
            .map(AsyncApiTest::text)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(required("removal")).containsExactlyInAnyOrderElementsOf(headers);
    assertThat(headers).containsAll(required("restoration"));
  }

  private List<String> required(String message) {
    return api.at("/components/messages/" + message + "/headers/required")
        .valueStream()
        .map(JsonNode::asText)
        .toList();
  }

  private static String text(Field constant) {
    try {
      return (String) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<String> references(JsonNode node) {
    return node.isObject() && node.has("$ref")
        ? Stream.of(node.path("$ref").asText())
        : node.valueStream().flatMap(AsyncApiTest::references);
  }
}
