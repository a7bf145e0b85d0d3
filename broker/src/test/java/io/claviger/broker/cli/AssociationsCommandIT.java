package io.claviger.broker.cli;

import static io.claviger.broker.cli.CommandFixture.role;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.claviger.broker.cli.CommandFixture.Ran;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The single commands, as the API and a person see them. */
final class AssociationsCommandIT {

  private final CommandFixture cli = new CommandFixture();

  @AfterEach
  void close() {
    cli.close();
  }

  private Ran create(String serviceAccount, String... more) {
    String[] options = new String[more.length + 3];
    options[0] = "--namespace=shop";
    options[1] = "--service-account=" + serviceAccount;
    options[2] = "--role-arn=" + role(serviceAccount);
    System.arraycopy(more, 0, options, 3, more.length);
    return cli.run("create", options);
  }

  @Test
  void createSaysWhatItHasCreated() {
    assertThat(create("cart"))
        .isEqualTo(
            new Ran(0, "podidentityassociation/shop/cart created (a-00000000000000001)\n", ""));
  }

  @Test
  void createSendsEveryField() throws Exception {
    create(
        "cart",
        "--target-role-arn=arn:aws:iam::210987654321:role/far",
        "--disable-session-tags",
        "--policy={\"Version\":\"2012-10-17\"}",
        "--tags=team=one,claviger.io/tag-scope=pod");

    assertThat(cli.run("describe", "shop/cart", "-o", "yaml").out())
        .isEqualTo(
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
              targetRoleArn: arn:aws:iam::210987654321:role/far
              disableSessionTags: true
              policy: "{\\"Version\\":\\"2012-10-17\\"}"
              tags:
                claviger.io/tag-scope: pod
                team: one
            """);
  }

  @Test
  void createPassesOnWhyTheApiWillNot() {
    create("cart");

    assertThat(create("cart"))
        .isEqualTo(
            new Ran(
                1,
                "",
                "claviger: ResourceInUseException: Association already exists:"
                    + " a-00000000000000001\n"));
  }

  @Test
  void listAlignsColumnsInTheOrderOfNames() {
    create("orders");
    create("cart", "--target-role-arn=arn:aws:iam::210987654321:role/far");
    cli.eks.add("a-team", "x", role("x"));

    assertThat(cli.run("list").out())
        .isEqualTo(
            """
            NAMESPACE   SERVICEACCOUNT   ROLE                                         TARGET                               ID
            a-team      x                arn:aws:iam::123456789012:role/pods/x        <none>                               a-00000000000000003
            shop        cart             arn:aws:iam::123456789012:role/pods/cart     arn:aws:iam::210987654321:role/far   a-00000000000000002
            shop        orders           arn:aws:iam::123456789012:role/pods/orders   <none>                               a-00000000000000001
            """);
  }

  @Test
  void listReadsEveryPageAndCanBeNarrowed() {
    for (int i = 0; i < 250; i++) {
      cli.eks.add(i < 240 ? "shop" : "other", "sa-" + i, role("r"));
    }

    assertThat(cli.run("list").out().lines()).hasSize(251);
    assertThat(cli.run("list", "--namespace", "other").out().lines()).hasSize(11);
    assertThat(cli.run("list", "--namespace", "other", "--service-account", "sa-241").out().lines())
        .hasSize(2);
  }

  @Test
  void listForMachinesHasTheFieldsOfTheApi() throws Exception {
    create("cart");

    JsonNode one =
        new ObjectMapper().readTree(cli.run("list", "-o", "json").out()).at("/associations/0");

    assertThat(one.get("associationId").asText()).isEqualTo("a-00000000000000001");
    assertThat(one.get("roleArn").asText()).isEqualTo(role("cart"));
    assertThat(one.get("createdAt").asText()).isEqualTo("2026-11-25T12:00:00.500Z");
  }

  @Test
  void describeShowsEachFieldOfOneNamedEitherWay() {
    create("cart", "--tags=team=one");

    Ran byName = cli.run("describe", "shop/cart");

    assertThat(byName.code()).isZero();
    assertThat(byName.out())
        .containsPattern("(?m)^roleArn +arn:aws:iam::123456789012:role/pods/cart$")
        .containsPattern("(?m)^tags.team +one$");
    assertThat(cli.run("describe", "a-00000000000000001")).isEqualTo(byName);
    assertThat(cli.run("describe", "--association-id", "a-00000000000000001")).isEqualTo(byName);
  }

  @Test
  void describeSaysThatThereIsNone() {
    assertThat(cli.run("describe", "shop/cart"))
        .isEqualTo(new Ran(1, "", "claviger: no association of shop/cart\n"));
    assertThat(cli.run("describe", "a-9").err())
        .isEqualTo("claviger: ResourceNotFoundException: No association found: a-9\n");
  }

  @Test
  void updateChangesWhatIsNamedAndTakesAwayWhatIsEmpty() {
    create(
        "cart",
        "--disable-session-tags",
        "--policy={}",
        "--target-role-arn=arn:aws:iam::210987654321:role/far");

    assertThat(
            cli.run(
                "update",
                "shop/cart",
                "--role-arn=" + role("new"),
                "--target-role-arn=",
                "--policy=",
                "--no-disable-session-tags"))
        .isEqualTo(
            new Ran(0, "podidentityassociation/shop/cart configured (a-00000000000000001)\n", ""));
    assertThat(cli.run("export").out())
        .contains("roleArn: " + role("new"))
        .doesNotContain("targetRoleArn", "policy", "disableSessionTags");
  }

  @Test
  void updateSetsTheSwitchAlone() {
    create("cart");

    assertThat(cli.run("update", "shop/cart", "--disable-session-tags").code()).isZero();
    assertThat(cli.run("export").out()).contains("disableSessionTags: true");
  }

  @Test
  void deleteSaysWhatIsGone() {
    create("cart");

    assertThat(cli.run("delete", "shop/cart").out())
        .isEqualTo("podidentityassociation/shop/cart deleted (a-00000000000000001)\n");
    assertThat(cli.eks.size()).isZero();
  }

  @Test
  void listSaysWhichClusterIsNotThere() {
    assertThat(
            CommandFixture.runBare(
                "list",
                "--endpoint-url=" + cli.eks.endpoint(),
                "--cluster-name=two",
                "--region=eu-central-1"))
        .isEqualTo(new Ran(1, "", "claviger: ResourceNotFoundException: No cluster found\n"));
  }

  @Test
  void listSaysThatNobodyAnswers() {
    cli.eks.close();

    assertThat(cli.run("list").err()).startsWith("claviger: ").contains("Connection refused");
  }
}
