package io.claviger.broker.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.broker.cli.manifest.AssociationManifest.InvalidManifestException;
import io.claviger.schemas.association.AssociationSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class AssociationManifestTest {

  private static final String ROLE = "arn:aws:iam::123456789012:role/cart";
  private static final String GOOD =
      """
      apiVersion: claviger.io/v1alpha1
      kind: PodIdentityAssociation
      metadata:
        name: cart
        namespace: shop
      spec:
        serviceAccount: cart
        roleArn: arn:aws:iam::123456789012:role/cart
      """;

  private static AssociationSpec spec(String serviceAccount) {
    return new AssociationSpec("shop", serviceAccount, ROLE, null, false, null, Map.of());
  }

  @Test
  void readsADocument() {
    assertThat(AssociationManifest.parse(GOOD)).containsExactly(spec("cart"));
  }

  @Test
  void readsEveryField() {
    String all =
        GOOD
            + """
              targetRoleArn: arn:aws:iam::210987654321:role/far
              disableSessionTags: true
              policy: '{"Version": "2012-10-17"}'
              tags:
                team: one
                claviger.io/tag-scope: pod
            """;

    assertThat(AssociationManifest.parse(all))
        .containsExactly(
            new AssociationSpec(
                "shop",
                "cart",
                ROLE,
                "arn:aws:iam::210987654321:role/far",
                true,
                "{\"Version\": \"2012-10-17\"}",
                Map.of("team", "one", "claviger.io/tag-scope", "pod")));
  }

  @Test
  void readsSeveralDocumentsInTheirOrderAndPassesOverEmptyOnes() {
    String documents =
        "---\n" + GOOD + "---\n---\n" + GOOD.replace("serviceAccount: cart", "serviceAccount: a");

    assertThat(AssociationManifest.parse(documents)).containsExactly(spec("cart"), spec("a"));
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("", "document 1: there is no PodIdentityAssociation"),
        Arguments.of("---\n---\n", "there is no PodIdentityAssociation"),
        Arguments.of("# nothing\n", "document 1: there is no PodIdentityAssociation"),
        Arguments.of(GOOD.replace("roleArn", "rolearn"), "document 1: unknown field spec.rolearn"),
        Arguments.of(GOOD + "status: {}\n", "document 1: unknown field status"),
        Arguments.of(GOOD.replace("name: cart", "labels: {}"), "unknown field metadata.labels"),
        Arguments.of(
            GOOD.replace("kind: PodIdentityAssociation", "kind: Pod"),
            "document 1: kind must be PodIdentityAssociation, not Pod"),
        Arguments.of(
            GOOD.replace("kind: PodIdentityAssociation\n", ""),
            "kind must be PodIdentityAssociation, not null"),
        Arguments.of(
            GOOD.replace("v1alpha1", "v2"), "apiVersion must be claviger.io/v1alpha1, not"),
        Arguments.of(GOOD.replace("  name: cart\n", ""), "metadata.name is missing"),
        Arguments.of(GOOD.replace("namespace: shop", "namespace: ''"), "namespace is missing"),
        Arguments.of(GOOD.replace("  roleArn: " + ROLE + "\n", ""), "spec.roleArn is missing"),
        Arguments.of(GOOD.substring(0, GOOD.indexOf("spec:")), "document 1: spec is missing"),
        Arguments.of(GOOD + "  roleArn: again\n", "document 1: "),
        Arguments.of(
            GOOD + "---\n" + GOOD, "document 2: another document already declares shop/cart"),
        Arguments.of(GOOD + "---\n" + GOOD + "x: 1\n", "document 2: unknown field x"),
        Arguments.of(GOOD.replace("namespace: shop", "namespace: 12"), "metadata.namespace: "),
        Arguments.of(GOOD.replace("namespace: shop", "namespace: true"), "metadata.namespace: "),
        Arguments.of(GOOD + "  disableSessionTags: 'yes'\n", "spec.disableSessionTags: "),
        Arguments.of(GOOD + "  disableSessionTags: 1\n", "spec.disableSessionTags: "),
        Arguments.of(GOOD + "  tags: {team: 1}\n", "spec.tags.team: "),
        Arguments.of(GOOD + "  tags: [team]\n", "spec.tags: "),
        Arguments.of(GOOD + "  policy: '{}'\n", "policy needs disableSessionTags: true"),
        Arguments.of(
            GOOD + "  tags: {claviger.io/tag-scope: node}\n",
            "claviger.io/tag-scope must be service-account or pod, not 'node'"),
        Arguments.of("just text", "document 1: "),
        Arguments.of("- a\n- b\n", "document 1: "),
        Arguments.of("a: [", "document 1: "));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refusesWhatIsWrongNamingTheDocumentAndTheField(String yaml, String message) {
    assertThatThrownBy(() -> AssociationManifest.parse(yaml))
        .isInstanceOf(InvalidManifestException.class)
        .hasMessageContaining(message);
  }

  @Test
  void writesWhatItReads() {
    String every =
        """
        ---
        apiVersion: claviger.io/v1alpha1
        kind: PodIdentityAssociation
        metadata:
          name: cart
          namespace: shop
        spec:
          serviceAccount: cart
          roleArn: arn:aws:iam::123456789012:role/pods/cart
          disableSessionTags: true
          policy: "{}"
          tags:
            cost-centre: "0123"
            team: one
        """;

    assertThat(AssociationManifest.write(AssociationManifest.parse(every))).isEqualTo(every);
  }

  @Test
  void readsWhateverItHasWritten() {
    Random random = new Random(42);
    for (int run = 0; run < 2_000; run++) {
      List<AssociationSpec> specs =
          IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> any(i, random)).toList();

      String yaml = AssociationManifest.write(specs);

      assertThat(AssociationManifest.parse(yaml)).as(yaml).isEqualTo(specs);
    }
  }

  private static final List<String> WORDS =
      List.of(
          "null",
          "~",
          "true",
          "No",
          "ON",
          "y",
          "12",
          "0x1F",
          "1e3",
          ".5",
          "1_000",
          "1:30",
          "-",
          "?",
          "2026-11-25",
          "# no",
          "a: b",
          "a #b",
          ": ",
          "[a]",
          "{b}",
          "*a",
          "&a",
          "!t",
          "%d",
          "@x",
          "`x`",
          "\"",
          "'",
          "''",
          "\\",
          "\n",
          "a\nb\n",
          "\r\n",
          "\t",
          " ",
          " lead",
          "trail ",
          "---",
          "...",
          "<<",
          "=",
          "ü",
          "日本",
          "\uD83D\uDE00",
          "\u0085",
          "\u2028",
          "|",
          ">",
          ",");

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      text.append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }

  /** The manifest does not check names, so any text that is not blank is valid. */
  private static String name(Random random) {
    String text = text(random);
    return text.isBlank() ? "x" : text;
  }

  private static AssociationSpec any(int i, Random random) {
    Map<String, String> tags = new HashMap<>();
    for (int tag = random.nextInt(4); tag > 0; tag--) {
      tags.put(text(random), random.nextInt(5) == 0 ? "" : text(random));
    }
    boolean untagged = random.nextBoolean();
    return new AssociationSpec(
        name(random) + i,
        name(random),
        name(random),
        random.nextBoolean() ? null : text(random),
        untagged,
        untagged && random.nextBoolean() ? text(random) : null,
        tags);
  }
}
