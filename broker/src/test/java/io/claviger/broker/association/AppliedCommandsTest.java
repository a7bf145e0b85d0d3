package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class AppliedCommandsTest {

  private final AssociationTable table = new AssociationTable(1);
  private final CompletableFuture<AssociationOutcome> decided = new CompletableFuture<>();
  private final AppliedCommands commands = new AppliedCommands(command -> decided, table);
  private final AssociationCommand create = Specs.create("cart");
  private final AssociationOutcome outcome =
      new AssociationOutcome(
          1,
          Specs.CLUSTER,
          create.clientRequestToken(),
          InputHash.of(create),
          Specs.NOW,
          new Accepted(Effect.CREATED, Specs.association("cart", 1)),
          Specs.at(2));

  AppliedCommandsTest() {
    table.listen(commands);
  }

  @Test
  void answerOnceTheTableHasWhatWasDecided() {
    CompletableFuture<AssociationOutcome> answer = commands.send(create).toCompletableFuture();
    decided.complete(outcome);
    table.apply(0, Specs.changed("other", 1, 1));
    assertThat(answer).isNotDone();

    table.apply(0, Specs.changed("cart", 1, 2));

    assertThat(answer).isCompletedWithValue(outcome);
  }

  @Test
  void answerAtOnceWhatTheTableHasAlready() {
    table.apply(0, Specs.changed("cart", 1, 2));
    decided.complete(outcome);

    assertThat(commands.send(create).toCompletableFuture()).isCompletedWithValue(outcome);
  }

  @Test
  void failWhereNothingIsDecided() {
    decided.completeExceptionally(new AssociationCommands.UndecidedException("nobody decides"));

    assertThat(commands.send(create).toCompletableFuture()).isCompletedExceptionally();
  }
}
