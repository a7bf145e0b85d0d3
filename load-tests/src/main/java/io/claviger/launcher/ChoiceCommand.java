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
 * A command that does to a mesh of its own those things that are named, or says which there are.
 *
 * @param <T> one of these things
 */
abstract class ChoiceCommand<T> implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Mixin private AotOption aot = new AotOption();

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Which; all: every one; list, or nothing: says which there are.")
  private List<String> names = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures there too.")
  private @Nullable Path json;

  /** Prints which there are, a line each. */
  abstract void list();

  abstract List<T> all();

  abstract Optional<T> named(String name);

  /** Does these, and prints what came of each; whether all is as promised. */
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

  /** Found out now, not when there is something to write. */
  final void checkWritable(@Nullable Path file) {
    if (file != null && !ResultFile.isWritable(file)) {
      throw misused("cannot write " + file);
    }
  }

  private ParameterException misused(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  /** All results so far: those of an hour are not lost with what comes last. */
  final void write(List<?> results) throws IOException {
    if (json != null) {
      ResultFile.write(json, SchemaJson.write(results));
    }
  }

  final CommandSpec spec() {
    return spec;
  }

  /** Of a mesh in the directory that was named. */
  final MeshOptions options() {
    return MeshOptions.in(directory.get().root());
  }

  /** Says on standard error what happens. */
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
