package io.claviger.launcher;

import io.claviger.bench.HtmlReport;
import io.claviger.bench.LoadContext;
import io.claviger.bench.LoadResult;
import io.claviger.bench.LoadScenario;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code claviger load}: measures the speed and the resources of a mesh of real processes. */
@Command(
    name = "load",
    description = "Measures the speed and the resources of a mesh under load.",
    mixinStandardHelpOptions = true,
    subcommands = {LoadPodCommand.class, JmhCommand.class},
    footer = {
      "",
      "A separate process sends each request when it is due, whatever became of earlier ones.",
      "Times count from when a request was due. Each result is printed, and written to the files,",
      "when its scenario ends. Exit code 1: a request failed that should have been served, or a",
      "scenario could not be measured; the other scenarios run all the same. A missed speed target",
      "is printed and changes no exit code: docs/performance.md."
    })
final class LoadCommand extends ChoiceCommand<LoadScenario> {

  @Option(names = "--quick", description = "Run each scenario for seconds, as a smoke test.")
  private boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each scenario; medians are printed. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with tables and plots to FILE.")
  private @Nullable Path html;

  @Override
  public Integer call() throws InterruptedException, IOException {
    checkWritable(html);
    return super.call();
  }

  @Override
  void list() {
    all().forEach(one -> print("%-10s %s".formatted(one.name(), one.what())));
    spec()
        .subcommands()
        .forEach(
            (name, command) ->
                print(
                    "%-10s %s"
                        .formatted(
                            name, command.getCommandSpec().usageMessage().description()[0])));
  }

  @Override
  List<LoadScenario> all() {
    return LoadScenario.all();
  }

  @Override
  Optional<LoadScenario> named(String name) {
    return LoadScenario.named(name);
  }

  @Override
  boolean run(List<LoadScenario> scenarios) throws InterruptedException, IOException {
    LoadContext context = new LoadContext(options(), quick, rounds, this::progress);
    List<LoadResult> results = new ArrayList<>();
    for (LoadScenario scenario : scenarios) {
      LoadResult result = measure(scenario, context);
      results.add(result);
      result.lines().forEach(this::print);
      write(results);
      if (html != null) {
        ResultFile.write(html, HtmlReport.of(results, LocalDate.now(ZoneOffset.UTC)));
      }
    }
    return results.stream().allMatch(result -> result.broken().isEmpty());
  }

  /** A failed scenario does not stop the others. */
  private static LoadResult measure(LoadScenario scenario, LoadContext context)
      throws InterruptedException {
    try {
      return scenario.run(context);
    } catch (RuntimeException e) {
      return LoadResult.failed(scenario, context.failure(e));
    }
  }
}
