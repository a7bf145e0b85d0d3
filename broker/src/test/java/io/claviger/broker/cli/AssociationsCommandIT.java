package io.claviger.broker.cli;

import static io.claviger.broker.cli.CommandFixture.role;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.claviger.broker.cli.CommandFixture.Ran;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code associations list} against an API over HTTP. */
final class AssociationsCommandIT {

  private final CommandFixture cli = new CommandFixture();

  @AfterEach
  void close() {
    cli.close();
  }

  @Test
  void listAlignsColumnsInTheOrderOfNames() {
    cli.eks.add("shop", "orders", role("orders"));
    cli.eks.add("shop", "cart", role("cart"), "arn:aws:iam::210987654321:role/far");
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
    cli.eks.add("shop", "cart", role("cart"));

    JsonNode one =
        new ObjectMapper().readTree(cli.run("list", "-o", "json").out()).at("/associations/0");

    assertThat(one.get("associationId").asText()).isEqualTo("a-00000000000000001");
    assertThat(one.get("roleArn").asText()).isEqualTo(role("cart"));
    assertThat(one.get("createdAt").asText()).isEqualTo("2026-11-25T12:00:00.500Z");
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
