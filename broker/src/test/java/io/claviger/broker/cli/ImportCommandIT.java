package io.claviger.broker.cli;

import static io.claviger.broker.cli.CommandFixture.role;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.CommandFixture.Ran;
import io.claviger.broker.cli.manifest.AssociationManifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class ImportCommandIT {

  private final CommandFixture cli = new CommandFixture();

  @AfterEach
  void close() {
    cli.close();
  }

  @Test
  void writesTheAssociationsOfAnEksClusterAsManifests() {
    cli.eks.add("shop", "orders", role("orders"));
    String id = cli.eks.add("shop", "cart", role("cart"));

    Ran ran = cli.run(new CommandLine(new ImportCommand()), "--from-eks");

    assertThat(ran.code()).isZero();
    assertThat(AssociationManifest.parse(ran.out()))
        .extracting(spec -> spec.serviceAccount() + " " + spec.roleArn())
        .containsExactly("cart " + role("cart"), "orders " + role("orders"));
    assertThat(ran.out()).contains("found in EKS cluster one").contains("was " + id);
    assertThat(cli.eks.writes()).as("it changes nothing").isEmpty();
  }

  @Test
  void saysWhyEksRefuses() {
    Ran ran =
        cli.run(
            new CommandLine(new ImportCommand()).setOverwrittenOptionsAllowed(true),
            "--from-eks",
            "--region",
            "us-east-1");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("claviger: ");
  }
}
