package io.claviger.broker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.cli.CommandFixture.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class AssociationsCommandTest {

  private static final int BAD_USAGE = 2;

  private static Arguments wrong(String message, String line) {
    return Arguments.of(message, line.split(" ", -1));
  }

  static Stream<Arguments> badUsage() {
    String to = " --endpoint-url http://127.0.0.1:1 --cluster one --region r";
    return Stream.of(
        wrong("AWS's own EKS", "list --endpoint-url  --cluster one --region r"),
        wrong(
            "must be an http or https URL",
            "list --endpoint-url broker:1 --cluster one --region r"),
        wrong("--cluster is missing", "list --endpoint-url http://127.0.0.1:1 --cluster "),
        wrong("--region is missing", "list --endpoint-url http://h:1 --cluster one --region "),
        wrong("--ca-bundle: cannot read certificates from /no/ca", "list --ca-bundle /no/ca" + to),
        wrong("'--file=FILE'", "apply" + to),
        wrong("no.yaml: cannot be read", "apply -f no.yaml" + to),
        wrong("--all-namespaces needs --prune", "apply -f x --all-namespaces" + to),
        wrong("expected one of [table, json, yaml]", "list -o xml" + to));
  }

  @ParameterizedTest
  @MethodSource
  void badUsage(String message, String[] arguments) {
    Ran ran = CommandFixture.runBare(arguments);

    assertThat(ran.code()).isEqualTo(BAD_USAGE);
    assertThat(ran.err()).contains(message).contains("Usage: ").doesNotContain("\tat ");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void namesTheFileTheDocumentAndTheFieldThatIsWrong(@TempDir Path directory) throws IOException {
    Path manifest = Files.writeString(directory.resolve("wrong.yaml"), "kind: Pod\n");

    assertThat(
            CommandFixture.runBare(
                    "apply",
                    "--endpoint-url=http://127.0.0.1:1",
                    "--cluster=one",
                    "--region=r",
                    "-f",
                    manifest.toString())
                .err())
        .contains(manifest + ": document 1: apiVersion must be");
  }
}
