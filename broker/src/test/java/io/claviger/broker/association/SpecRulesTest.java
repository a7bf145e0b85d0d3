package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationOutcome.Refused;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SpecRulesTest {

  private static final String FAR = "arn:aws:iam::210987654321:role/far";

  private static void refused(Optional<Refused> result, String field) {
    assertThat(result)
        .hasValueSatisfying(
            refused -> {
              assertThat(refused.code()).isEqualTo("InvalidParameterException");
              assertThat(refused.message()).startsWith(field + ": ");
            });
  }

  @ParameterizedTest
  @CsvSource({"shop,cart", "a,0", "team-1,cart.v2-x", "0,a.b.c"})
  void takeNamesThatKubernetesTakes(String namespace, String serviceAccount) {
    assertThat(SpecRules.names(namespace, serviceAccount)).isEmpty();
  }

  @Test
  void takeNamesAsLongAsKubernetesDoesAndNoLonger() {
    assertThat(SpecRules.names("n".repeat(63), "s".repeat(253))).isEmpty();
    refused(SpecRules.names("n".repeat(64), "cart"), "namespace");
    refused(SpecRules.names("shop", "s".repeat(254)), "serviceAccount");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Shop", "-a", "a-", "a.b", "a/b", "a b", "a_b", "é", "*"})
  void refuseNamespacesThatKubernetesRefuses(String namespace) {
    refused(SpecRules.names(namespace, "cart"), "namespace");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Cart", "-a", "a-", ".a", "a.", "a..b", "a/b", "a b", "a_b", "*"})
  void refuseServiceAccountsThatKubernetesRefuses(String serviceAccount) {
    refused(SpecRules.names("shop", serviceAccount), "serviceAccount");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::123456789012:role/a",
        "arn:aws:iam::123456789012:role/path/to/A_b+c=d,e.f@g-h",
        "arn:aws-cn:iam::123456789012:role/a",
        "arn:aws-us-gov:iam::123456789012:role/a"
      })
  void takeTheArnOfARoleInTheClustersAccount(String arn) {
    assertThat(SpecRules.roles(Specs.RULES, arn, FAR)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "arn:aws:iam::12345678901:role/a",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:user/a",
        "arn:aws:sts::123456789012:assumed-role/a/b",
        "arn:aws:iam::123456789012:role/a b",
        "arn:aws:iam::123456789012:role/a\n",
        "arn:aws:iam::123456789012:role/*"
      })
  void refuseWhatIsNotTheArnOfARole(String arn) {
    refused(SpecRules.roles(Specs.RULES, arn, null), "roleArn");
    refused(SpecRules.roles(Specs.RULES, Specs.role("a"), arn), "targetRoleArn");
  }

  @Test
  void refuseARoleOfAnotherAccountUnlessTheClusterIsRegisteredToTakeIt() {
    assertThat(SpecRules.roles(Specs.RULES, FAR, null))
        .contains(
            new Refused(
                "InvalidParameterException",
                "roleArn: the role must be in the cluster's account 123456789012;"
                    + " for a role elsewhere use targetRoleArn"));
    assertThat(SpecRules.roles(new ClusterRules("one", Specs.ACCOUNT, true, 3), FAR, null))
        .isEmpty();
  }

  @Test
  void takeAPolicyOnlyWhereSessionsHaveNoTags() {
    assertThat(SpecRules.policy(null, false)).isEmpty();
    assertThat(SpecRules.policy(Specs.POLICY, true)).isEmpty();
    refused(SpecRules.policy(Specs.POLICY, false), "policy");
    refused(SpecRules.policy("{}", false), "policy");
    refused(SpecRules.policy("[]", true), "policy");
    refused(SpecRules.policy("", true), "policy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Version\":\"2012-10-17\",\"Statement\":[{}]}",
        " {\"Version\":\"2008-10-17\",\"Id\":\"a\",\n\t\"Statement\":{}} ",
        "{\"Statement\":[{},{}]}"
      })
  void leaveToStsWhatIsInAStatement(String policy) {
    assertThat(SpecRules.policy(policy, true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{{{}",
        "{}",
        "{\"Version\":\"2012-10-17\"}",
        "{\"Version\":\"2012-10-18\",\"Statement\":{}}",
        "{\"Version\":null,\"Statement\":{}}",
        "{\"Statement\":[]}",
        "{\"Statement\":\"*\"}",
        "{\"Statement\":[\"*\"]}",
        "{\"Statement\":{},\"statement\":{}}",
        "{\"Statement\":{},\"Statement\":{}}",
        "{\"Statement\":{}} {}",
        "{\"Statement\":{}}}",
        "{\"Statement\":{\"Sid\":\"\u0001\"}}",
        "{\"Statement\":{\"Sid\":\"\u6f22\"}}"
      })
  void refuseAPolicyThatStsCouldNotRead(String policy) {
    refused(SpecRules.policy(policy, true), "policy");
  }

  @Test
  void takeAPolicyOfTwoThousandAndFortyEightCharactersAndNoMore() {
    String longest = " ".repeat(2_048 - Specs.POLICY.length()) + Specs.POLICY;

    assertThat(SpecRules.policy(longest, true)).isEmpty();
    refused(SpecRules.policy(longest + " ", true), "policy");
  }

  @Test
  void nameTheLimitAndWhatWasSent() {
    assertThat(SpecRules.tags(many(51)).orElseThrow().message())
        .isEqualTo("tags: 51 of them, of at most 50");
    assertThat(SpecRules.tags(Map.of("k", "v".repeat(257))).orElseThrow().message())
        .isEqualTo("tags: the value of k has 257 characters, of at most 256");
    assertThat(SpecRules.policy("{" + " ".repeat(2_047) + "}", true).orElseThrow().message())
        .isEqualTo("policy: 2049 characters, of at most 2048");
  }

  static Stream<Arguments> goodTags() {
    return Stream.of(
        Arguments.of(Map.of()),
        Arguments.of(Map.of("team", "")),
        Arguments.of(Map.of("\u00e9quipe A", "\u6f22 \ud83d\ude00")),
        Arguments.of(Map.of("k".repeat(128), "v".repeat(256))),
        Arguments.of(Map.of("claviger.io/tag-scope", "pod")),
        Arguments.of(Map.of("claviger.io/tag-scope", "service-account")),
        Arguments.of(many(50)));
  }

  @ParameterizedTest
  @MethodSource("goodTags")
  void takeTags(Map<String, String> tags) {
    assertThat(SpecRules.tags(tags)).isEmpty();
  }

  static Stream<Arguments> badTags() {
    return Stream.of(
        Arguments.of(Map.of("", "v")),
        Arguments.of(Map.of("k".repeat(129), "v")),
        Arguments.of(Map.of("k", "v".repeat(257))),
        Arguments.of(Map.of("k\n", "v")),
        Arguments.of(Map.of("k", "v\u0000")),
        Arguments.of(Map.of("k\u202e", "v")),
        Arguments.of(Map.of("k\u2028", "v")),
        Arguments.of(Map.of("k\ud83d", "v")),
        Arguments.of(Map.of("aws:k", "v")),
        Arguments.of(Map.of("AWS:k", "v")),
        Arguments.of(Map.of("claviger.io/tag-scope", "")),
        Arguments.of(Map.of("claviger.io/tag-scope", "Pod")),
        Arguments.of(Map.of("claviger.io/tag-scope", "namespace")),
        Arguments.of(many(51)));
  }

  @ParameterizedTest
  @MethodSource("badTags")
  void refuseTags(Map<String, String> tags) {
    refused(SpecRules.tags(tags), "tags");
  }

  private static Map<String, String> many(int count) {
    Map<String, String> tags = new HashMap<>();
    for (int i = 0; i < count; i++) {
      tags.put("k" + i, "v");
    }
    return tags;
  }
}
