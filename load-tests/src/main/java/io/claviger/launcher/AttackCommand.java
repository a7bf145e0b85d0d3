package io.claviger.launcher;

import io.claviger.attack.Attack;
import io.claviger.attack.AttackResult;
import io.claviger.attack.AttackRun;
import io.claviger.attack.Attacks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
final class AttackCommand extends ChoiceCommand<Attack> {

  @Mixin private MeshSizeOptions size = new MeshSizeOptions(2);

  @Option(names = "--quick", description = "Fewer of those inputs that come in numbers.")
  private boolean quick;

  @Override
  void list() {
    all()
        .forEach(
            attack -> print("%-26s %s: %s".formatted(attack.name(), attack.who(), attack.what())));
  }

  @Override
  List<Attack> all() {
    return Attacks.all();
  }

  @Override
  Optional<Attack> named(String name) {
    return Attacks.named(name);
  }

  @Override
  boolean run(List<Attack> attacks) throws InterruptedException, IOException {
    List<AttackResult> results = new ArrayList<>();
    try {
      each(attacks, results);
    } finally {
      // Also where it ends early: what was tried until then is known.
      write(results);
      print("");
      print(AttackResult.head());
      results.forEach(result -> print(result.line()));
      print(summary(results));
    }
    return !results.isEmpty() && results.stream().allMatch(result -> result.broken().isEmpty());
  }

  private void each(List<Attack> attacks, List<AttackResult> results) throws InterruptedException {
    try (AttackRun run = AttackRun.start(size.apply(options()), quick, this::progress)) {
      for (Attack attack : attacks) {
        progress(attack.name() + ": " + attack.what());
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
}
