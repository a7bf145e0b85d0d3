package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.claviger.broker.yaml.YamlReading;
import io.claviger.schemas.association.TagScope;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API server and the log's writer accept the same fields of an object. */
final class CrdSchemaTest {

  private static final JsonNode VERSION = version();
  private static final JsonNode OBJECT = VERSION.at("/schema/openAPIV3Schema");
  private static final JsonNode SPEC = OBJECT.at("/properties/spec");
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(OBJECT.toString(), InputFormat.JSON);
  private static final String ROLE = Specs.role("pods/cart");
  private static final ClusterRules ANY_ACCOUNT =
      new ClusterRules(Specs.CLUSTER, Specs.ACCOUNT, true, 3);

  private static JsonNode version() {
    try {
      return YamlReading.mapper()
          .readTree(Files.readString(Path.of("../k8s/base/crd/podidentityassociations.yaml")))
          .at("/spec/versions/0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean takes(String field, @Nullable Object value) {
    JsonObject spec = new JsonObject().put("serviceAccount", "cart").put("roleArn", ROLE);
    JsonObject object = new JsonObject().put("spec", spec.put(field, value));
    return SCHEMA.validate(object.encode(), InputFormat.JSON).isEmpty();
  }

  static Stream<String> serviceAccounts() {
    return Stream.of(
        "cart",
        "a",
        "a.b-c.d0",
        "Cart",
        "-cart",
        "cart-",
        "cart.",
        "a..b",
        "a_b",
        "",
        "a".repeat(253),
        "a".repeat(254),
        "shop/cart");
  }

  @ParameterizedTest
  @MethodSource("serviceAccounts")
  void takesTheServiceAccountsThatTheWriterTakes(String name) {
    assertThat(takes("serviceAccount", name)).isEqualTo(SpecRules.names("shop", name).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::123456789012:role/r",
        "arn:aws-cn:iam::123456789012:role/pods/r",
        "arn:aws-us-gov:iam::123456789012:role/a/b/c=,.@-_+",
        "arn:aws:iam::12345678901:role/r",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/pods/",
        "arn:aws:iam::123456789012:user/r",
        "arn:aws:sts::123456789012:assumed-role/r/s",
        "arn:aws:iam::123456789012:role/r r",
        "arn:aws:iam::123456789012:role/abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd",
        "arn:aws:iam::123456789012:role/abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcde",
        "r"
      })
  void takesTheRolesThatTheWriterTakes(String arn) {
    boolean taken = SpecRules.roles(ANY_ACCOUNT, arn, null).isEmpty();

    assertThat(takes("roleArn", arn)).isEqualTo(taken);
    assertThat(takes("targetRoleArn", arn)).isEqualTo(taken);
  }

  static Stream<String> policies() {
    return Stream.of(" {\n\"Statement\": []\n} ", "[]", "", "no", padded(2048), padded(2049));
  }

  private static String padded(int length) {
    return "{" + " ".repeat(length - Specs.POLICY.length()) + Specs.POLICY.substring(1);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void takesThePoliciesThatTheWriterTakes(String policy) {
    // A schema cannot check the text; an error in it appears in the object's condition.
    boolean looksRight = SpecRules.policy(policy, true).isEmpty() || policy.contains("[]\n");
    assertThat(takes("policy", policy)).isEqualTo(looksRight);
  }

  static Stream<Map<String, String>> tags() {
    return Stream.of(
        many(50), many(51), Map.of("a", "v".repeat(256)), Map.of("a", "v".repeat(257)));
  }

  private static Map<String, String> many(int count) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(i -> "key-" + i, i -> "value"));
  }

  @ParameterizedTest
  @MethodSource("tags")
  void takesTheTagsThatTheWriterTakes(Map<String, String> tags) {
    assertThat(takes("tags", new JsonObject(Map.copyOf(tags))))
        .isEqualTo(SpecRules.tags(tags).isEmpty());
  }

  /** Only an API server can evaluate these expressions; this test checks that they exist. */
  @Test
  void hasRulesForWhatASchemaCannotSay() {
    assertThat(rules(SPEC))
        .containsExactly(
            "!has(self.policy) || (has(self.disableSessionTags) && self.disableSessionTags)");
    assertThat(rules(SPEC.at("/properties/serviceAccount"))).containsExactly("self == oldSelf");
    String scopes =
        Arrays.stream(TagScope.values())
            .map(scope -> "'" + scope.text() + "'")
            .collect(Collectors.joining(", "));
    assertThat(rules(SPEC.at("/properties/tags")))
        .containsExactly(
            "self.all(key, size(key) >= 1 && size(key) <= 128)",
            "self.all(key, !key.startsWith('aws:'))",
            "!('%s' in self) || self['%s'] in [%s]".formatted(TagScope.TAG, TagScope.TAG, scopes));
  }

  private static List<String> rules(JsonNode schema) {
    return schema.path("x-kubernetes-validations").findValuesAsText("rule");
  }

  @Test
  void declaresEveryFieldOfAnAssociationAndNoNamespace() {
    assertThat(SPEC.path("properties").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "serviceAccount", "roleArn", "targetRoleArn", "disableSessionTags", "policy", "tags");
    assertThat(takes("disableSessionTags", "yes")).isFalse();
    assertThat(takes("serviceAccount", null)).isFalse();
  }

  @Test
  void documentsEveryFieldThatSomebodyWrites() {
    SPEC.path("properties")
        .properties()
        .forEach(
            field ->
                assertThat(field.getValue().path("description").asText(""))
                    .as(field.getKey())
                    .isNotBlank());
  }

  @Test
  void namesEveryReasonThatAConditionHas() {
    String conditions = OBJECT.at("/properties/status/properties/conditions/description").asText();

    assertThat(ReadyCondition.Reason.values())
        .allSatisfy(reason -> assertThat(conditions).contains(reason.text()));
  }
}
