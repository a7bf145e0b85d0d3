package io.claviger.edge.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class NodeEdgeTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = NodeEdge.command();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void endsWithTwoAndOneLineWhenItsSettingsAreWrong() {
    int code = run("--set", "colour=blue");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("node-edge: ")
        .contains("claviger.edge.colour");
  }

  @Test
  void endsWithTwoWhenItsSettingsFileIsNotThere() {
    assertThat(run("--config", "no-such-file.yaml")).isEqualTo(2);
    assertThat(err.toString()).contains("no-such-file.yaml");
  }

  @Test
  void saysHowItIsStarted() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("--config", "--set");
  }
}
