package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class AssociationsCommandTest {

  private static final int BAD_USAGE = 2;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path manifest;

  @BeforeEach
  void writeManifest() throws IOException {
    manifest =
        Files.writeString(
            directory.resolve("associations.yaml"),
            """
            apiVersion: claviger.io/v1alpha1
            kind: PodIdentityAssociation
            metadata: {name: cart, namespace: shop}
            spec: {serviceAccount: cart, roleArn: 'arn:aws:iam::123456789012:role/cart'}
            """);
  }

  private int apply(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "apply";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return new CommandLine(new AssociationsCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private void isBadUsage(String message, String... options) {
    assertThat(apply(options)).isEqualTo(BAD_USAGE);
    assertThat(err.toString()).contains(message).doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void wantsAFile() {
    isBadUsage("Missing required option: '--file=FILE'", "--kafka", "k:9092", "--cluster", "one");
  }

  @Test
  void wantsKafka() {
    isBadUsage(
        "--kafka is missing", "--file", manifest.toString(), "--cluster", "one", "--kafka", "");
  }

  @Test
  void wantsACluster() {
    isBadUsage(
        "--cluster is missing",
        "--file",
        manifest.toString(),
        "--kafka",
        "k:9092",
        "--cluster",
        "");
  }

  @Test
  void namesAFileThatCannotBeRead() {
    isBadUsage(
        directory.resolve("none.yaml") + ": cannot be read",
        "--file",
        directory.resolve("none.yaml").toString(),
        "--kafka",
        "k:9092",
        "--cluster",
        "one");
  }

  @Test
  void namesWhatIsWrongInTheFile() throws IOException {
    Files.writeString(manifest, "kind: Pod\n");

    isBadUsage(
        manifest + ": document 1: apiVersion must be",
        "--file",
        manifest.toString(),
        "--kafka",
        "k:9092",
        "--cluster",
        "one");
  }

  @Test
  void namesADurationThatIsNone() {
    isBadUsage(
        "not a duration like 350ms, 8s, 10m or 1h: 'soon'",
        "--file",
        manifest.toString(),
        "--kafka",
        "k:9092",
        "--cluster",
        "one",
        "--timeout",
        "soon");
  }

  @Test
  void wantsADurationThatIsLongerThanNothing() {
    isBadUsage(
        "--timeout must be longer than nothing",
        "--file",
        manifest.toString(),
        "--kafka",
        "k:9092",
        "--cluster",
        "one",
        "--timeout",
        "0s");
  }

  @Test
  void showsDurationsAsPeopleWriteThem() {
    assertThat(apply("--help")).isZero();

    assertThat(out.toString()).contains("default: 15s").doesNotContain("PT15S");
  }
}
