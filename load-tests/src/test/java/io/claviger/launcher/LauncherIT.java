package io.claviger.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The Java part of {@code ./claviger}. */
@Tag("alone")
final class LauncherIT {

  @TempDir private Path directory;

  private record Ran(int code, String out, String err) {}

  private Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Claviger.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  @Tag("ci")
  void upOncePrintsWhoTheCredentialsAreAndLeavesNothingRunning() {
    Ran up = run("up", "--once", "--brokers", "1", "--directory", directory.toString());

    assertThat(up.code()).as(up.err()).isZero();
    assertThat(up.out().strip())
        .matches("arn:aws:sts::123456789012:assumed-role/checkout/shop\\.checkout-[0-9a-f]{12}");
    assertThat(up.err()).contains("kafka is ready", "broker-1 is ready", "node-1 is ready");
    assertThat(directory.resolve("mesh.json")).doesNotExist();
  }

  @Test
  void upNamesTheSettingThatAMemberDoesNotKnow() {
    Ran up =
        run(
            "up",
            "--once",
            "--brokers=1",
            "--directory=" + directory,
            "--broker-set",
            "issuance.flor=2s");

    assertThat(up.code()).isEqualTo(Claviger.FAILED);
    assertThat(up.err()).contains("broker-1 ended", "claviger.broker.issuance.flor");
  }

  @Test
  @Tag("ci")
  void upRefusesAManifestAndSaysWhatIsWrongWithIt() throws Exception {
    Path manifest = Files.writeString(directory.resolve("wrong.yaml"), "kind: Pod\n");

    Ran up =
        run(
            "up",
            "--once",
            "--brokers=1",
            "--directory=" + directory.resolve("mesh"),
            "--associations=" + manifest);

    assertThat(up.code()).isEqualTo(Claviger.FAILED);
    assertThat(up.err()).contains("wrong.yaml", "document 1: apiVersion must be claviger.io");
  }

  @Test
  void commandsForARunningMeshSayHowToStartOne() {
    assertThat(run("env", "--directory", directory.toString()))
        .isEqualTo(
            new Ran(
                Claviger.FAILED,
                "",
                "claviger: no mesh runs in "
                    + directory
                    + ": start one with ./claviger up --directory "
                    + directory
                    + System.lineSeparator()));
  }

  @Test
  void aWrongOptionShowsTheUsage() {
    Ran token = run("token", "--namespace", "shop");

    assertThat(token.code()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(token.err()).contains("--service-account", "Usage: claviger token");
  }
}
