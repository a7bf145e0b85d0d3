package io.claviger.launcher;

import io.claviger.localmesh.MeshOptions;
import io.claviger.schemas.SchemaJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * A command that runs chosen items, such as attacks or faults, on a mesh of its own, or lists them.
 *
 * @param <T> one item
 */
abstract class ChoiceCommand<T> implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Mixin private AotOption aot = new AotOption();

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Names; all: every one; list, or nothing: prints the names.")
  private List<String> names = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Also write all figures to FILE.")
  private @Nullable Path json;

  /** Prints the items, one a line. */
  abstract void list();

  abstract List<T> all();

  abstract Optional<T> named(String name);

  /** Runs these items and prints the result of each; returns whether every promise held. */
  abstract boolean run(List<T> chosen) throws InterruptedException, IOException;

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (names.isEmpty() || names.equals(List.of("list"))) {
      list();
      return 0;
    }
    List<T> chosen =
        names.equals(List.of("all")) ? all() : names.stream().map(this::chosen).toList();
    checkWritable(json);
    aot.train(err());
    return run(chosen) ? 0 : Claviger.FAILED;
  }

  private T chosen(String name) {
    return named(name)
        .orElseThrow(
            () ->
                misused(
                    "nothing is called '%s': see %s list".formatted(name, spec.qualifiedName())));
  }

  /** At the start, not after an hour's run. */
  final void checkWritable(@Nullable Path file) {
    if (file != null && !ResultFile.isWritable(file)) {
      throw misused("cannot write " + file);
    }
  }

  private ParameterException misused(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  /** Writes all results so far, so that a later failure does not lose them. */
  final void write(List<?> results) throws IOException {
    if (json != null) {
      ResultFile.write(json, SchemaJson.write(results));
    }
  }

  final CommandSpec spec() {
    return spec;
  }

  /** Options of a mesh in the directory that the command line names. */
  final MeshOptions options() {
    return MeshOptions.in(directory.get().root());
  }

  /** Prints a progress line on standard error. */
  final void progress(String line) {
    err().println("claviger: " + line);
  }

  final void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
