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

/** {@code claviger attack}: attacks a mesh in every way that it must withstand. */
@Command(
    name = "attack",
    description = "Tries at a mesh every attack that docs/threat-model.md rules out.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The mesh has to refuse each input in the way that is declared for it, permit a valid",
      "input beside it, serve other pods meanwhile, and keep every process running. Then the",
      "command searches everything that the mesh has written for the secrets that were issued.",
      "Exit code 1: a promise did not hold."
    })
final class AttackCommand extends ChoiceCommand<Attack> {

  @Mixin private MeshSizeOptions size = new MeshSizeOptions(2);

  @Option(names = "--quick", description = "Send fewer of the inputs that come in large numbers.")
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
      // Also after an early end, with the results so far.
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
        "%d of %d attacks had no effect: %d inputs tried, %d refused as declared; other pods"
            + " sent %d requests meanwhile, %d of them got no credentials",
        nothing,
        results.size(),
        tried,
        refused,
        others,
        unserved);
  }
}
