package io.claviger.broker.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationCommands;
import io.claviger.broker.association.AssociationCommands.UndecidedException;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Verdict;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ApplyAssociationsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private final List<AssociationCommand> sent = new ArrayList<>();
  private final List<String> good = new ArrayList<>();
  private final List<String> bad = new ArrayList<>();

  private CompletableFuture<Boolean> apply(AssociationCommands commands, AssociationSpec... specs) {
    AssociationCommands remembering =
        command -> {
          sent.add(command);
          return commands.send(command);
        };
    return new ApplyAssociations(remembering, () -> NOW, () -> "token-" + sent.size())
        .apply("one", "cli/me", List.of(specs), (line, isGood) -> (isGood ? good : bad).add(line))
        .toCompletableFuture();
  }

  private static AssociationSpec spec(String serviceAccount) {
    return new AssociationSpec(
        "shop", serviceAccount, "arn:aws:iam::123456789012:role/a", null, false, null, Map.of());
  }

  private static AssociationSpec spec(AssociationCommand command) {
    return ((AssociationCommand.Put) command.operation()).spec();
  }

  private static AssociationCommands deciding(Function<AssociationSpec, Verdict> rule) {
    return command ->
        CompletableFuture.completedFuture(
            new AssociationOutcome(
                1,
                command.cluster(),
                command.clientRequestToken(),
                "hash",
                NOW,
                rule.apply(spec(command)),
                Position.NONE));
  }

  private static Verdict accepted(Effect effect, AssociationSpec spec) {
    return new Accepted(
        effect,
        new Association("a-" + spec.serviceAccount(), "one", spec, "key/tester", 1, NOW, NOW));
  }

  @Test
  void asksForEachWithATokenOfItsOwn() {
    apply(deciding(spec -> accepted(Effect.CREATED, spec)), spec("a"), spec("b")).join();

    assertThat(sent)
        .containsExactly(
            AssociationCommand.of(
                "one", "token-0", "cli/me", NOW, new AssociationCommand.Put(spec("a"))),
            AssociationCommand.of(
                "one", "token-1", "cli/me", NOW, new AssociationCommand.Put(spec("b"))));
  }

  @Test
  void saysOfEachWhatCameOfItInTheOrderOfTheDeclaration() {
    List<Effect> effects = List.of(Effect.CREATED, Effect.CHANGED, Effect.UNCHANGED);

    boolean applied =
        apply(
                deciding(spec -> accepted(effects.get(sent.size() - 1), spec)),
                spec("a"),
                spec("b"),
                spec("c"))
            .join();

    assertThat(applied).isTrue();
    assertThat(bad).isEmpty();
    assertThat(good)
        .containsExactly(
            "podidentityassociation/shop/a created (a-a)",
            "podidentityassociation/shop/b configured (a-b)",
            "podidentityassociation/shop/c unchanged (a-c)");
  }

  @Test
  void goesOnBehindARefusalAndSaysThatNotAllIsAsDeclared() {
    boolean applied =
        apply(
                deciding(
                    spec ->
                        spec.serviceAccount().equals("a")
                            ? new Refused("InvalidParameterException", "roleArn: no")
                            : accepted(Effect.CREATED, spec)),
                spec("a"),
                spec("b"))
            .join();

    assertThat(applied).isFalse();
    assertThat(bad)
        .containsExactly(
            "podidentityassociation/shop/a refused: InvalidParameterException: roleArn: no");
    assertThat(good).containsExactly("podidentityassociation/shop/b created (a-b)");
  }

  @Test
  void saysWhatWasNotDecided() {
    UndecidedException late = new UndecidedException("no outcome within 15000 ms");

    assertThat(apply(command -> CompletableFuture.failedFuture(late), spec("a")).join()).isFalse();
    assertThat(
            apply(
                    command -> CompletableFuture.failedFuture(new CompletionException(late)),
                    spec("b"))
                .join())
        .isFalse();

    assertThat(bad)
        .containsExactly(
            "podidentityassociation/shop/a not decided: no outcome within 15000 ms",
            "podidentityassociation/shop/b not decided: no outcome within 15000 ms");
  }

  @Test
  void asksForAHundredAtOnceAndForTheRestOnceThoseAreDecided() {
    AssociationSpec[] specs =
        IntStream.range(0, 250).mapToObj(i -> spec("sa-" + i)).toArray(AssociationSpec[]::new);
    List<CompletableFuture<AssociationOutcome>> waiting = new ArrayList<>();
    AssociationCommands slow =
        command -> {
          CompletableFuture<AssociationOutcome> outcome = new CompletableFuture<>();
          waiting.add(outcome);
          return outcome;
        };
    CompletableFuture<Boolean> applied = apply(slow, specs);
    assertThat(sent).hasSize(100);

    for (int answered = 0; answered < 250; answered++) {
      AssociationCommand command = sent.get(answered);
      deciding(spec -> accepted(Effect.CREATED, spec))
          .send(command)
          .thenAccept(waiting.get(answered)::complete);
      assertThat(sent.size()).isLessThanOrEqualTo(answered / 100 * 100 + 200);
    }

    assertThat(applied.join()).isTrue();
    assertThat(good).hasSize(250);
  }

  @Test
  void hasNothingToDoForAnEmptyDeclaration() {
    assertThat(apply(deciding(spec -> accepted(Effect.CREATED, spec))).join()).isTrue();
    assertThat(sent).isEmpty();
  }
}
