package io.claviger.launcher;

import io.claviger.bench.HtmlReport;
import io.claviger.bench.LoadContext;
import io.claviger.bench.LoadResult;
import io.claviger.bench.LoadScenario;
import io.claviger.localmesh.MeshOptions;
import io.claviger.schemas.SchemaJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code claviger load}: how fast a mesh of real processes is, and what it takes. */
@Command(
    name = "load",
    description = "Measures a mesh under load: how fast it is, and what it takes.",
    mixinStandardHelpOptions = true,
    subcommands = {LoadPodCommand.class, JmhCommand.class},
    footer = {
      "",
      "Requests come from a process of their own, each at its time whatever became of those"
          + " before;",
      "what one took counts from when it was due. Each result is printed, and written to the files,",
      "when its scenario is done. Exit code 1 when a request failed that should have been served, or",
      "a scenario could not be measured: the others are all the same. Aims of speed are printed,",
      "met or not, and fail nothing: docs/performance.md."
    })
final class LoadCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Mixin private AotOption aot = new AotOption();

  @Parameters(
      arity = "0..*",
      paramLabel = "SCENARIO",
      description = "Which; all: every one; list, or nothing: says which there are.")
  private List<String> names = List.of();

  @Option(names = "--quick", description = "Each for seconds: to see that it works.")
  private boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often each is measured; medians are printed. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures there too.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes a page with tables and plots there.")
  private @Nullable Path html;

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (names.isEmpty() || names.equals(List.of("list"))) {
      LoadScenario.all().forEach(one -> print("%-10s %s".formatted(one.name(), one.what())));
      spec.subcommands()
          .forEach(
              (name, command) ->
                  print(
                      "%-10s %s"
                          .formatted(
                              name, command.getCommandSpec().usageMessage().description()[0])));
      return 0;
    }
    List<LoadScenario> scenarios = scenarios();
    Stream.of(json, html).forEach(this::checkWritable);
    PrintWriter err = spec.commandLine().getErr();
    aot.train(err);
    LoadContext context =
        new LoadContext(
            MeshOptions.in(directory.get().root()),
            quick,
            rounds,
            line -> err.println("claviger: " + line));
    List<LoadResult> results = new ArrayList<>();
    for (LoadScenario scenario : scenarios) {
      LoadResult result = measure(scenario, context);
      results.add(result);
      result.lines().forEach(this::print);
      write(results);
    }
    return results.stream().allMatch(result -> result.broken().isEmpty()) ? 0 : Claviger.FAILED;
  }

  /** One that fails keeps no other from being measured. */
  private static LoadResult measure(LoadScenario scenario, LoadContext context)
      throws InterruptedException {
    try {
      return scenario.run(context);
    } catch (RuntimeException e) {
      return LoadResult.failed(scenario, context.failure(e));
    }
  }

  /** Found out now, not when there is something to write. */
  private void checkWritable(@Nullable Path file) {
    if (file != null && !ResultFile.isWritable(file)) {
      throw new ParameterException(spec.commandLine(), "cannot write " + file);
    }
  }

  /** All results so far: those of an hour are not lost with the last scenario. */
  private void write(List<LoadResult> results) throws IOException {
    if (json != null) {
      ResultFile.write(json, SchemaJson.write(results));
    }
    if (html != null) {
      ResultFile.write(html, HtmlReport.of(results, LocalDate.now(ZoneOffset.UTC)));
    }
  }

  private List<LoadScenario> scenarios() {
    return names.equals(List.of("all"))
        ? LoadScenario.all()
        : names.stream()
            .map(
                name ->
                    LoadScenario.named(name)
                        .orElseThrow(
                            () ->
                                new ParameterException(
                                    spec.commandLine(),
                                    "nothing is called '" + name + "': see claviger load list")))
            .toList();
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
