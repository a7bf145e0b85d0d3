package io.claviger.launcher;

import io.claviger.attack.Attack;
import io.claviger.attack.AttackResult;
import io.claviger.attack.AttackRun;
import io.claviger.attack.Attacks;
import io.claviger.localmesh.MeshOptions;
import io.claviger.schemas.SchemaJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code claviger attack}: tries at a mesh what it must not let anybody do. */
@Command(
    name = "attack",
    description = "Tries at a mesh what docs/threat-model.md says that nobody may do.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each input has to be refused in the way that is declared for it, what is right has to be",
      "permitted beside it, other pods have to be served meanwhile, and no process may end. Then",
      "all that the mesh has written is searched for the secrets that were issued. Exit code 1"
          + " when",
      "a promise did not hold."
    })
final class AttackCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Mixin private AotOption aot = new AotOption();

  @Mixin private MeshSizeOptions size = new MeshSizeOptions(2);

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Which attacks; all: every one; list, or nothing: says which there are.")
  private List<String> names = List.of();

  @Option(names = "--quick", description = "Fewer of those inputs that come in numbers.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures there too.")
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (names.isEmpty() || names.equals(List.of("list"))) {
      Attacks.all()
          .forEach(
              attack ->
                  print("%-26s %s: %s".formatted(attack.name(), attack.who(), attack.what())));
      return 0;
    }
    List<Attack> attacks = attacks();
    aot.train(err());
    List<AttackResult> results = new ArrayList<>();
    try {
      run(attacks, results);
    } finally {
      // Also where it ends early: what was tried until then is known.
      if (json != null) {
        Files.writeString(json, SchemaJson.write(results));
      }
      print("");
      print(AttackResult.head());
      results.forEach(result -> print(result.line()));
      print(summary(results));
    }
    return !results.isEmpty() && results.stream().allMatch(result -> result.broken().isEmpty())
        ? 0
        : Claviger.FAILED;
  }

  private void run(List<Attack> attacks, List<AttackResult> results) throws InterruptedException {
    MeshOptions options = size.apply(MeshOptions.in(directory.get().root()));
    try (AttackRun run =
        AttackRun.start(options, quick, line -> err().println("claviger: " + line))) {
      for (Attack attack : attacks) {
        err().println("claviger: " + attack.name() + ": " + attack.what());
        AttackResult result = run.run(attack);
        results.add(result);
        print(result.line());
        result.complaints().forEach(complaint -> print("  " + complaint));
      }
    }
  }

  private static String summary(List<AttackResult> results) {
    long tried = results.stream().mapToLong(AttackResult::tried).sum();
    long refused = results.stream().mapToLong(AttackResult::refused).sum();
    long others = results.stream().mapToLong(AttackResult::others).sum();
    long unserved = results.stream().mapToLong(AttackResult::unserved).sum();
    long nothing = results.stream().filter(result -> result.broken().isEmpty()).count();
    return String.format(
        Locale.ROOT,
        "%d of %d attacks came to nothing: %d inputs tried, %d refused as is declared; other pods"
            + " asked %d times meanwhile, %d times without credentials",
        nothing,
        results.size(),
        tried,
        refused,
        others,
        unserved);
  }

  private List<Attack> attacks() {
    return names.equals(List.of("all"))
        ? Attacks.all()
        : names.stream()
            .map(
                name ->
                    Attacks.named(name)
                        .orElseThrow(
                            () ->
                                new ParameterException(
                                    spec.commandLine(),
                                    "no attack is called '"
                                        + name
                                        + "': see claviger attack list")))
            .toList();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
