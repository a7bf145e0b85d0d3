package io.claviger.broker.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Runs commands against a fake API, with an access key. */
final class CommandFixture implements AutoCloseable {

  final FakeEks eks = new FakeEks();

  record Ran(int code, String out, String err) {}

  CommandFixture() {
    System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
    System.setProperty("aws.secretAccessKey", "secret");
  }

  Ran run(String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(withAccess(options));
    return runBare(arguments.toArray(String[]::new));
  }

  /** Runs a command other than a subcommand of {@code associations}. */
  Ran run(CommandLine command, String... options) {
    return run(command, withAccess(options));
  }

  private List<String> withAccess(String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "--endpoint-url",
            eks.endpoint().toString(),
            "--cluster",
            "one",
            "--region",
            "eu-central-1"));
    arguments.addAll(List.of(options));
    return arguments;
  }

  static Ran runBare(String... arguments) {
    return run(new CommandLine(new AssociationsCommand()), List.of(arguments));
  }

  private static Ran run(CommandLine command, List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        command
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  static String role(String name) {
    return "arn:aws:iam::123456789012:role/pods/" + name;
  }

  @Override
  public void close() {
    eks.close();
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }
}
