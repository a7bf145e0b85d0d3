package io.claviger.broker.cli;

import static io.claviger.broker.cli.CommandFixture.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.CommandFixture.Ran;
import io.claviger.broker.cli.manifest.AssociationManifest;
import io.claviger.schemas.association.AssociationSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class ApplyCommandIT {

  private static final Logger LOG = LoggerFactory.getLogger(ApplyCommandIT.class);

  @TempDir private Path directory;
  private final CommandFixture cli = new CommandFixture();

  @AfterEach
  void close() {
    cli.close();
  }

  private static AssociationSpec spec(String namespace, String serviceAccount, String role) {
    return new AssociationSpec(namespace, serviceAccount, role(role), null, false, null, Map.of());
  }

  private static AssociationSpec tagged(AssociationSpec spec, Map<String, String> tags) {
    return new AssociationSpec(
        spec.namespace(), spec.serviceAccount(), spec.roleArn(), null, false, null, tags);
  }

  private Ran apply(List<AssociationSpec> specs, String... options) {
    try {
      Path file =
          Files.writeString(directory.resolve("all.yaml"), AssociationManifest.write(specs));
      return cli.run(
          "apply",
          Stream.concat(Stream.of("-f", file.toString()), Arrays.stream(options))
              .toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void createsConfiguresAndLeavesAloneWhatIsAsDeclared() {
    cli.eks.add("shop", "cart", role("old"));
    cli.eks.add("shop", "orders", role("orders"));

    Ran ran =
        apply(
            List.of(
                spec("shop", "cart", "new"),
                spec("shop", "orders", "orders"),
                spec("shop", "web", "web")));

    assertThat(ran)
        .isEqualTo(
            new Ran(
                0,
                """
                podidentityassociation/shop/cart configured (a-00000000000000001)
                podidentityassociation/shop/orders unchanged (a-00000000000000002)
                podidentityassociation/shop/web created (a-00000000000000003)
                """,
                ""));
    assertThat(cli.eks.writes()).hasSize(2);
  }

  @Test
  void makesTagsAsDeclaredAlsoThoseThatAreGone() {
    AssociationSpec cart = spec("shop", "cart", "cart");
    apply(List.of(tagged(cart, Map.of("team", "one", "old", "x"))));

    Ran ran = apply(List.of(tagged(cart, Map.of("team", "two", "new", "y"))));

    assertThat(ran.out()).contains("cart configured");
    assertThat(AssociationManifest.parse(cli.run("export").out()))
        .containsExactly(tagged(cart, Map.of("team", "two", "new", "y")));
    assertThat(cli.eks.writes()).noneMatch(write -> write.contains("associations/a-"));
  }

  @Test
  void takesTargetAndPolicyAwayWithTheSwitchTheyNeed() {
    AssociationSpec plain = spec("shop", "cart", "cart");
    AssociationSpec full =
        new AssociationSpec(
            "shop", "cart", role("cart"), "arn:aws:iam::210987654321:role/f", true, "{}", Map.of());
    for (AssociationSpec wanted : List.of(full, plain, full)) {
      assertThat(apply(List.of(wanted)).code()).isZero();
      assertThat(AssociationManifest.parse(cli.run("export").out())).containsExactly(wanted);
    }
  }

  @Test
  void changesNothingWhenAppliedAgain() {
    List<AssociationSpec> specs = List.of(spec("a", "x", "x"), spec("b", "y", "y"));
    apply(specs);
    int before = cli.eks.writes().size();

    assertThat(apply(specs, "--prune", "--all-namespaces").out().lines())
        .allMatch(line -> line.contains(" unchanged ("));
    assertThat(cli.eks.writes()).hasSize(before);
  }

  @Test
  void goesOnBehindOneThatIsRefused() {
    cli.eks.refuse(input -> input.path("roleArn").asText().endsWith("/forbidden"));

    Ran ran = apply(List.of(spec("shop", "a", "forbidden"), spec("shop", "b", "b")));

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .isEqualTo("podidentityassociation/shop/b created (a-00000000000000001)\n");
    assertThat(ran.err())
        .startsWith("podidentityassociation/shop/a failed: AccessDeniedException: no grant for");
  }

  @Test
  void configuresWhatSomebodyElseCreatedMeanwhile() {
    cli.eks.beforeNextCreate(() -> cli.eks.add("shop", "cart", role("theirs")));

    Ran ran = apply(List.of(spec("shop", "cart", "ours")));

    assertThat(ran)
        .isEqualTo(
            new Ran(0, "podidentityassociation/shop/cart configured (a-00000000000000001)\n", ""));
    assertThat(cli.run("export").out()).contains(role("ours"));
  }

  @Test
  void prunesInTheNamespacesThatAreNamed() {
    cli.eks.add("shop", "old", role("old"));
    cli.eks.add("other", "old", role("old"));

    assertThat(apply(List.of(spec("shop", "cart", "cart"))).out()).doesNotContain("old");
    assertThat(apply(List.of(spec("shop", "cart", "cart")), "--prune").out())
        .isEqualTo(
            """
            podidentityassociation/shop/cart unchanged (a-00000000000000003)
            podidentityassociation/shop/old pruned (a-00000000000000001)
            """);
    assertThat(apply(List.of(spec("shop", "cart", "cart")), "--prune", "--all-namespaces").out())
        .contains("podidentityassociation/other/old pruned (a-00000000000000002)");
    assertThat(cli.eks.size()).isEqualTo(1);
  }

  @Test
  void showsWhatItWouldDoAndDoesNot() {
    cli.eks.add("shop", "cart", role("old"));
    cli.eks.add("shop", "gone", role("gone"));
    cli.eks.add("shop", "same", role("same"));

    Ran ran =
        apply(
            List.of(
                tagged(spec("shop", "cart", "new"), Map.of("team", "one")),
                spec("shop", "same", "same"),
                spec("shop", "web", "web")),
            "--prune",
            "--dry-run");

    assertThat(ran)
        .isEqualTo(
            new Ran(
                0,
                """
                ~ podidentityassociation/shop/cart (a-00000000000000001)
                    roleArn: arn:aws:iam::123456789012:role/pods/old -> arn:aws:iam::123456789012:role/pods/new
                    tags.team: <none> -> one
                + podidentityassociation/shop/web
                    roleArn: arn:aws:iam::123456789012:role/pods/web
                    disableSessionTags: false
                - podidentityassociation/shop/gone (a-00000000000000002)
                """,
                ""));
    assertThat(cli.eks.writes()).isEmpty();
  }

  @Test
  void readsADirectoryAndRefusesOneServiceAccountInTwoFiles() throws IOException {
    Files.writeString(
        directory.resolve("b.yml"), AssociationManifest.write(List.of(spec("b", "x", "x"))));
    Files.writeString(
        directory.resolve("a.yaml"), AssociationManifest.write(List.of(spec("a", "x", "x"))));
    Files.writeString(directory.resolve("README.md"), "not a manifest");

    assertThat(cli.run("apply", "-f", directory.toString()).out().lines())
        .extracting(line -> line.substring(0, line.indexOf(" ")))
        .containsExactly("podidentityassociation/a/x", "podidentityassociation/b/x");

    Files.writeString(
        directory.resolve("c.yaml"), AssociationManifest.write(List.of(spec("a", "x", "y"))));
    assertThat(cli.run("apply", "-f", directory.toString()).err())
        .contains("c.yaml: a.yaml already declares a/x");
  }

  @Test
  void exportIsTheSameTextWhateverTheOrderOfCreation() {
    List<AssociationSpec> specs =
        List.of(spec("b", "y", "y"), spec("a", "z", "z"), spec("a", "x", "x"));
    apply(specs);
    String first = cli.run("export").out();
    cli.eks.clear();
    apply(specs.reversed());

    assertThat(cli.run("export").out()).isEqualTo(first);
    assertThat(AssociationManifest.parse(first))
        .containsExactly(specs.get(2), specs.get(1), specs.get(0));
    assertThat(cli.run("export", "--namespace", "b").out())
        .isEqualTo(AssociationManifest.write(List.of(specs.get(0))));
  }

  @Test
  void doesThousandsInTheOrderOfTheDeclaration() {
    List<AssociationSpec> specs =
        IntStream.range(0, 1_000).mapToObj(i -> spec("shop", "sa-" + i, "r" + i)).toList();

    long began = System.nanoTime();
    Ran created = apply(specs);
    long took = (System.nanoTime() - began) / 1_000_000;
    LOG.atInfo().addKeyValue("millis", took).log("1,000 associations created");

    assertThat(created.code()).isZero();
    assertThat(created.out().lines().map(line -> line.split(" ")[0]))
        .containsExactlyElementsOf(
            specs.stream().map(s -> "podidentityassociation/shop/" + s.serviceAccount()).toList());
    assertThat(cli.eks.size()).isEqualTo(1_000);
    assertThat(apply(specs).out().lines()).allMatch(line -> line.contains(" unchanged ("));
  }
}
