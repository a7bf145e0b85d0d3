package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationOutcome;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AssociationDecisionsTest {

  private Instant now = NOW;
  private final LogState state = new LogState();
  private final AssociationDecisions decisions =
      new AssociationDecisions(
          Map.of(Specs.CLUSTER, Specs.RULES), () -> Specs.GRANTS, () -> now, new Random(1));

  private Decision decide(AssociationCommand command) {
    Decision decision = decisions.decide(command, state);
    state.apply(decision);
    return decision;
  }

  private Association created(String serviceAccount) {
    return ((Accepted) decide(Specs.create(serviceAccount)).answer().result()).association();
  }

  @Test
  void startANewLogAtTheTimeSoThatItsEpochIsBeyondEveryFormerOne() {
    Decision first = decide(Specs.create("cart"));
    Decision second = decide(Specs.create("orders"));

    assertThat(first.answer().position()).isEqualTo(new Position(NOW.getEpochSecond(), 1));
    assertThat(second.answer().position()).isEqualTo(new Position(NOW.getEpochSecond(), 2));
  }

  @Test
  void goOnFromAHeadEvenWhenNothingElseIsLeft() {
    state.apply(Specs.head(41));

    assertThat(decide(Specs.create("cart")).answer().position()).isEqualTo(Specs.at(42));
  }

  @Test
  void makeIdsThatAreLikeTheOnesOfEks() {
    assertThat(created("cart").id()).matches("a-[a-z0-9]{17}");
    assertThat(created("orders").id()).isNotEqualTo(created("bills").id());
  }

  @Test
  void changeNoStateUntilTheyAreApplied() {
    Decision one = decisions.decide(Specs.create("cart"), state);
    Decision other = decisions.decide(Specs.create("cart"), state);

    assertThat(one.entry()).isPresent();
    assertThat(other.entry()).isPresent();
    assertThat(state.head(Specs.CLUSTER)).isEqualTo(Position.NONE);
  }

  @Test
  void seeWhatWasDecidedJustBefore() {
    Association cart = created("cart");

    Decision second = decide(Specs.create("cart"));

    assertThat(second.entry()).isEmpty();
    assertThat(second.answer().result())
        .isEqualTo(
            new Refused("ResourceInUseException", "Association already exists: " + cart.id()));
    assertThat(second.answer().position().sequence()).isEqualTo(1);
  }

  @Test
  void removeWithTheLastRevisionAndWhoAskedForIt() {
    Association cart = created("cart");

    Decision removal = decide(Specs.command(new AssociationCommand.Delete(cart.id(), null)));

    assertThat(removal.entry())
        .contains(
            new LogEntry.Removed(
                cart.key(), cart.id(), 1, removal.answer().position(), Specs.TESTER));
    assertThat(removal.answer().result()).isEqualTo(new Accepted(Effect.REMOVED, cart));
  }

  @Test
  void giveATokenItsOutcomeAgainAndWriteNoChangeForIt() {
    AssociationCommand create = Specs.create("cart");
    AssociationOutcome first = decide(create).answer();

    Decision again = decide(create);

    assertThat(again.answer()).isEqualTo(first);
    assertThat(again.entry()).isEmpty();
  }

  @Test
  void rememberTheFirstOutcomeOfATokenThatIsUsedWithAnotherInput() {
    AssociationCommand create = Specs.create("cart");
    AssociationOutcome first = decide(create).answer();

    Decision other =
        decide(
            Specs.command(
                create.clientRequestToken(),
                new AssociationCommand.Create(Specs.spec("orders")),
                now));

    assertThat(((Refused) other.answer().result()).code()).isEqualTo("InvalidRequestException");
    assertThat(other.remembered()).isEqualTo(first);
    assertThat(decide(create).answer()).isEqualTo(first);
  }

  @Test
  void tellNobodyElseWhatATokenStandsFor() {
    AssociationCommand create = Specs.create("cart");
    decide(create);

    Decision another =
        decide(
            AssociationCommand.of(
                create.cluster(),
                create.clientRequestToken(),
                "key/another",
                now,
                create.operation()));

    assertThat(((Refused) another.answer().result()).code()).isEqualTo("InvalidRequestException");
  }

  @Test
  void letATokenStandForItsOutcomeForADay() {
    AssociationCommand create = Specs.create("cart");
    AssociationOutcome first = decide(create).answer();

    now = NOW.plus(Duration.ofHours(24)).minusMillis(1);
    assertThat(decide(create).answer()).isEqualTo(first);
    now = NOW.plus(Duration.ofHours(24));
    assertThat(decide(create).answer().result())
        .isEqualTo(
            new Refused(
                "InvalidRequestException", "the request is older than 24 hours: send a new one"));
  }

  @Test
  void takeAnyTimeThatACommandMayName() {
    var operation = new AssociationCommand.Create(Specs.spec("cart"));

    Decision past = decide(Specs.command("past", operation, Instant.MIN));
    Decision future = decide(Specs.command("future", operation, Instant.MAX));

    assertThat(((Refused) past.answer().result()).message()).contains("older than 24 hours");
    assertThat(future.answer().result()).isInstanceOf(Accepted.class);
  }

  @Test
  void refuseAClusterThatIsNotRegistered() {
    AssociationCommand stranger =
        AssociationCommand.of(
            "other", "t", Specs.TESTER, now, new AssociationCommand.Create(Specs.spec("cart")));

    Decision decision = decide(stranger);

    assertThat(decision.answer().result())
        .isEqualTo(new Refused("ResourceNotFoundException", "No cluster found for name: other"));
    assertThat(decision.entry()).isEqualTo(Optional.empty());
  }
}
