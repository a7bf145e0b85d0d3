package io.claviger.launcher;

import io.claviger.bench.micro.MicroBenchmarks;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code claviger load jmh}: times single steps of a request. */
@Command(
    name = "jmh",
    description = "Times single steps of a request, and counts the bytes that they allocate (JMH).",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Tokens, session keys, sealed sessions, frames, records on Kafka, signatures. Each runs for",
      "11 s in a JVM of its own. Run nothing else on the machine meanwhile."
    })
final class JmhCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      defaultValue = "",
      paramLabel = "PATTERN",
      description = "A regular expression: run only benchmarks whose names match. Default: all.")
  private String pattern = "";

  @Option(
      names = "--quick",
      description = "Run each once, as a smoke test; the figures mean nothing.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write JMH's figures to FILE.")
  private @Nullable Path json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(MicroBenchmarks.heading());
    out.flush();
    new MicroBenchmarks(pattern, quick, json).run().forEach(figures -> out.println(figures.line()));
    out.flush();
    return 0;
  }
}
