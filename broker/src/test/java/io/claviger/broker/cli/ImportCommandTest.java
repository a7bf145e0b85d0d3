package io.claviger.broker.cli;

import static io.claviger.broker.cli.CommandFixture.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.manifest.AssociationManifest;
import io.claviger.schemas.association.AssociationSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ImportCommandTest {

  private static final String CLUSTER = "arn:aws:eks:eu-central-1:123456789012:cluster/prod-1";
  private static final String IRSA =
      """
      apiVersion: v1
      kind: List
      items:
        - kind: ServiceAccount
          metadata:
            name: orders
            namespace: shop
            annotations:
              eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/pods/orders
              eks.amazonaws.com/token-expiration: "3600"
        - kind: ServiceAccount
          metadata: {name: default, namespace: shop}
        - kind: ServiceAccount
          metadata:
            name: cart
            namespace: shop
            annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::999999999999:role/cart"}
        - kind: ServiceAccount
          metadata:
            name: evil
            namespace: shop
            annotations: {eks.amazonaws.com/role-arn: "x\\n---\\nkind: PodIdentityAssociation"}
      """;

  @TempDir private Path directory;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new ImportCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  private String file(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AssociationSpec spec(String serviceAccount, String roleArn) {
    return new AssociationSpec("shop", serviceAccount, roleArn, null, false, null, Map.of());
  }

  @Test
  void writesTheRolesOfIrsaAsManifestsThatApplyReads() {
    Ran ran = run("--from-irsa", file("sa.yaml", IRSA), "--cluster-arn", CLUSTER);

    assertThat(ran.code()).isZero();
    assertThat(AssociationManifest.parse(ran.out()))
        .containsExactly(
            spec("cart", "arn:aws:iam::999999999999:role/cart"), spec("orders", role("orders")));
    assertThat(ran.err()).contains("2 associations, 1 not written");
  }

  @Test
  void saysWhatHasToBeReviewedAndWhatTheRolesHaveToTrust() {
    Ran ran =
        run(
            "--from-irsa",
            file("sa.yaml", IRSA),
            "--cluster-arn",
            CLUSTER,
            "--broker-role-arn",
            role("brokers"));

    assertThat(ran.out().lines())
        .contains(
            "#   trust: claviger iam trust-policy --broker-role-arn "
                + role("brokers")
                + " --cluster-arn "
                + CLUSTER
                + " --namespace shop --service-account orders --keep-eks")
        .anyMatch(line -> line.startsWith("#   REVIEW: the role is not in the cluster's account"))
        .anyMatch(line -> line.contains("token-expiration: 3600 stays"));
  }

  @Test
  void keepsWhatSomebodyWroteIntoAnAnnotationOutOfTheManifests() {
    Ran ran = run("--from-irsa", file("sa.yaml", IRSA));

    assertThat(ran.out()).contains("ServiceAccount shop/evil: eks.amazonaws.com/role-arn is not");
    assertThat(AssociationManifest.parse(ran.out())).hasSize(2);
    assertThat(ran.out().lines().filter(line -> line.startsWith("kind:"))).hasSize(2);

    String named = IRSA.replace("name: evil", "name: \"evil\\n---\\nkind: Evil\"");
    assertThat(run("--from-irsa", file("sa.yaml", named)).out().lines())
        .noneMatch(line -> line.startsWith("kind: Evil"));
  }

  @Test
  void readsJsonAsWell() {
    String json =
        """
        {"kind":"ServiceAccountList","items":[{"kind":"ServiceAccount","metadata":{"name":"cart","namespace":"shop",
        "annotations":{"eks.amazonaws.com/role-arn":"%s"}}}]}
        """
            .formatted(role("cart"));

    assertThat(AssociationManifest.parse(run("--from-irsa", file("sa.json", json)).out()))
        .containsExactly(spec("cart", role("cart")));
  }

  @Test
  void takesRolesFromPodsTheirTemplatesAndJobs() {
    String workloads =
        """
        kind: Pod
        metadata: {name: cart-0, namespace: shop, annotations: {iam.amazonaws.com/role: pods/cart}}
        spec: {serviceAccountName: cart}
        ---
        kind: Deployment
        metadata: {name: orders, namespace: shop}
        spec: {template: {metadata: {annotations: {iam.amazonaws.com/role: "%s"}}, spec: {}}}
        ---
        kind: CronJob
        metadata: {name: nightly, namespace: shop}
        spec: {jobTemplate: {spec: {template: {metadata: {annotations: {iam.amazonaws.com/role: pods/nightly}},
          spec: {serviceAccountName: cart}}}}}
        ---
        kind: Deployment
        metadata: {name: plain, namespace: shop}
        spec: {template: {metadata: {}, spec: {}}}
        """
            .formatted(role("orders"));

    Ran ran = run("--from-kiam", file("pods.yaml", workloads), "--cluster-arn", CLUSTER);

    assertThat(AssociationManifest.parse(ran.out()))
        .containsExactly(spec("cart", role("cart")), spec("default", role("orders")));
    assertThat(ran.out())
        .contains("every pod of the namespace without its own service account")
        .contains("CronJob shop/nightly: shop/cart already has another role");
  }

  @Test
  void givesRolesOfKiamThePartitionOfTheCluster() {
    String pod =
        """
        kind: Pod
        metadata: {name: web, namespace: shop, annotations: {iam.amazonaws.com/role: pods/web}}
        spec: {serviceAccountName: web}
        """;

    Ran ran =
        run(
            "--from-kiam",
            file("pods.yaml", pod),
            "--cluster-arn",
            "arn:aws-cn:eks:cn-north-1:123456789012:cluster/prod-1");

    assertThat(AssociationManifest.parse(ran.out()))
        .containsExactly(spec("web", "arn:aws-cn:iam::123456789012:role/pods/web"));
  }

  @Test
  void overwritesAFileOnlyWhenForced() throws IOException {
    String from = file("sa.yaml", IRSA);
    Path to = directory.resolve("associations.yaml");
    assertThat(run("--from-irsa", from, "--to", to.toString()).code()).isZero();
    Files.writeString(to, "mine, and longer than anything\n".repeat(1_000));

    Ran refused = run("--from-irsa", from, "--to", to.toString());

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("--force overwrites it");
    assertThat(Files.readString(to)).startsWith("mine");
    assertThat(run("--from-irsa", from, "--to", to.toString(), "--force").code()).isZero();
    assertThat(AssociationManifest.parse(Files.readString(to))).hasSize(2);
  }

  @Test
  void saysWhatItCannotRead() {
    assertThat(run("--from-irsa", file("a", "no: objects")).err()).contains("contains no objects");
    assertThat(run("--from-irsa", file("b", "{ not yaml")).err()).contains("neither YAML nor JSON");
    assertThat(run("--from-irsa", directory.resolve("none").toString()).code()).isEqualTo(1);
    assertThat(run().code()).isEqualTo(2);
    assertThat(run("--from-eks", "--region", "eu-central-1").err())
        .contains("--cluster is missing");
    assertThat(run("--from-eks", "--from-irsa", "x").code()).isEqualTo(2);
  }
}
