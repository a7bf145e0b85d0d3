package io.claviger.stsfake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssumeRoleRequestTest {

  private static final String ROLE = "arn:aws:iam::123456789012:role/pods/checkout";

  private final Map<String, String> form =
      new LinkedHashMap<>(Map.of("RoleArn", ROLE, "RoleSessionName", "shop.checkout-0f"));

  @Test
  void readsWhatACallSays() {
    tag(1, "a", "1");
    tag(2, "b", "");
    form.put("TransitiveTagKeys.member.1", "a");
    AssumeRoleRequest request = read();
    assertThat(request.durationSeconds()).isEqualTo(3_600);
    assertThat(request.role().name()).isEqualTo("checkout");
    assertThat(request.tags().tags()).containsExactly(Map.entry("a", "1"), Map.entry("b", ""));
    assertThat(request.tags().transitive(Map.of("c", "3"))).isEqualTo(Map.of("a", "1", "c", "3"));
  }

  @ParameterizedTest
  @CsvSource({
    "RoleSessionName, x, Member must have length greater than or equal to 2",
    "RoleSessionName, a b, Member must satisfy regular expression pattern",
    "RoleSessionName, a/b, Member must satisfy regular expression pattern",
    "DurationSeconds, 899, Member must have value greater than or equal to 900",
    "DurationSeconds, 43201, Member must have value less than or equal to 43200",
    "ExternalId, x, Member must have length greater than or equal to 2",
    "ExternalId, a b, Member must satisfy regular expression pattern",
    "RoleArn, short, Member must have length greater than or equal to 20",
    "RoleArn, arn:aws:iam::123456789012:user/somebody, is invalid",
    "RoleArn, arn:aws:iam::12345:role/pods/checkout, is invalid",
  })
  void refusesAValueThatStsRefuses(String parameter, String value, String said) {
    form.put(parameter, value);
    assertRefused("ValidationError", said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RoleArn", "RoleSessionName"})
  void refusesACallWithoutWhatIsRequired(String parameter) {
    form.remove(parameter);
    assertRefused("ValidationError", "1 validation error detected: Value null at");
  }

  @Test
  void saysEverythingThatIsWrongInOneAnswer() {
    form.put("RoleSessionName", "x");
    form.put("DurationSeconds", "1");
    assertRefused("ValidationError", "2 validation errors detected: ");
  }

  @Test
  void refusesASessionNameOfMoreThan64Characters() {
    form.put("RoleSessionName", "x".repeat(65));
    assertRefused("ValidationError", "Member must have length less than or equal to 64");
    form.put("RoleSessionName", "x".repeat(64));
    assertThat(read().sessionName()).hasSize(64);
  }

  @Test
  void refusesAPolicyThatIsTooLongOrNoPolicy() {
    form.put("Policy", "{\"Statement\":[]," + " ".repeat(2048) + "}");
    assertRefused("ValidationError", "Member must have length less than or equal to 2048");
    form.put("Policy", "no policy");
    assertRefused("MalformedPolicyDocument", "Syntax errors in policy.");
    form.put("Policy", "{}");
    assertRefused("MalformedPolicyDocument", "Syntax errors in policy.");
  }

  @Test
  void refusesMoreThan50Tags() {
    for (int i = 1; i <= 51; i++) {
      tag(i, "k" + i, "v");
    }
    assertRefused("ValidationError", "Member must have length less than or equal to 50");
  }

  @Test
  void refusesTagsThatAreTooLongOrOfOtherCharacters() {
    tag(1, "k".repeat(129), "v");
    assertRefused("ValidationError", "less than or equal to 128");
    tag(1, "k", "v".repeat(257));
    assertRefused("ValidationError", "less than or equal to 256");
    tag(1, "k", "a*b");
    assertRefused("ValidationError", "regular expression");
    tag(1, "k;", "v");
    assertRefused("ValidationError", "regular expression");
  }

  @Test
  void refusesTheSameTagKeyTwiceInAnyCase() {
    tag(1, "team", "a");
    tag(2, "Team", "b");
    assertRefused("InvalidParameterValue", "Duplicate tag keys found");
  }

  @Test
  void refusesATransitiveKeyWithoutTag() {
    tag(1, "team", "a");
    form.put("TransitiveTagKeys.member.1", "other");
    assertRefused("InvalidParameterValue", "must be included in the requested tags");
  }

  @Test
  void refusesReservedTags() {
    tag(1, "aws:team", "a");
    assertRefused("InvalidParameterValue", "System tag keys");
  }

  @Test
  void saysHowMuchOfThePackedSpaceIsUsed() {
    assertThat(PackedSize.of(read())).isEmpty();
    tag(1, "kubernetes-namespace", "shop");
    assertThat(PackedSize.of(read())).hasValueSatisfying(p -> assertThat(p).isBetween(1, 5));
  }

  @Test
  void refusesMoreThanFitsThePackedSpace() {
    Random random = new Random(7);
    for (int i = 1; i <= 50; i++) {
      String value =
          random
              .ints(200, 0, 36)
              .mapToObj(c -> Character.toString(Character.forDigit(c, 36)))
              .collect(Collectors.joining());
      tag(i, "key-" + i, value);
    }
    AssumeRoleRequest request = read();
    assertThatThrownBy(() -> PackedSize.of(request))
        .hasMessageContaining("PackedPolicyTooLarge: Packed policy consumes");
  }

  private void tag(int number, String key, String value) {
    form.put("Tags.member." + number + ".Key", key);
    form.put("Tags.member." + number + ".Value", value);
  }

  private void assertRefused(String code, String said) {
    assertThatThrownBy(this::read)
        .asInstanceOf(type(StsRefusal.class))
        .returns(code, refusal -> refusal.error().code())
        .returns(400, refusal -> refusal.error().status())
        .satisfies(refusal -> assertThat(refusal.error().message()).contains(said));
  }

  private AssumeRoleRequest read() {
    String body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return AssumeRoleRequest.read(
        QueryForm.of(
            new ReceivedRequest(
                "POST", "/", "", MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body))));
  }
}
