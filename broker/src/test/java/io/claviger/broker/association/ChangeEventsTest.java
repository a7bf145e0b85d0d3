package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationCommand.Bind;
import io.claviger.schemas.association.AssociationCommand.Create;
import io.claviger.schemas.association.AssociationCommand.Operation;
import io.claviger.schemas.association.AssociationCommand.Restore;
import io.claviger.schemas.association.AssociationCommand.Revoke;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.event.CredentialEvent;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChangeEventsTest {

  private final LogState state = new LogState();
  private final AssociationDecisions decisions =
      new AssociationDecisions(
          Map.of(Specs.CLUSTER, Specs.RULES), () -> Specs.GRANTS, () -> Specs.NOW, new Random(1));

  private Optional<CredentialEvent> event(Operation operation) {
    AssociationCommand command = Specs.command(operation);
    Decision decision = decisions.decide(command, state);
    state.apply(decision);
    return ChangeEvents.of(decision, command.actor(), "broker-1");
  }

  @Test
  void sayWhatHasChangedAndWhoAskedForIt() {
    CredentialEvent created = event(new Create(Specs.spec("cart"))).orElseThrow();

    assertThat(created.type()).isEqualTo(CredentialEvent.Type.ASSOCIATION_CHANGED);
    assertThat(created.subject()).isEqualTo("one/shop/cart");
    assertThat(created.roleArn()).isEqualTo(Specs.role("cart"));
    assertThat(created.reason()).isEqualTo("created");
    assertThat(created.message()).isEqualTo("created by key/tester at position 1");
  }

  @Test
  void sayWhatIsRevokedAndRestored() {
    RevokedSubject node = RevokedSubject.parse("node:n1");

    assertThat(event(new Revoke(node)).orElseThrow().message())
        .isEqualTo("node:n1 revoked by key/tester at position 1");
    assertThat(event(new Restore(node)).orElseThrow().reason()).isEqualTo("restored");
  }

  @Test
  void sayWhichClusterTheLogIsOf() {
    CredentialEvent bound = event(new Bind("uid-1", false)).orElseThrow();

    assertThat(bound.reason()).isEqualTo("bound");
    assertThat(bound.message())
        .isEqualTo("the cluster's uid is uid-1 from now on by key/tester at position 0");
  }

  @Test
  void areNotMadeOfRefusalsOrOfWhatIsSoAlready() {
    RevokedSubject node = RevokedSubject.parse("node:n1");
    event(new Create(Specs.spec("cart")));
    event(new Revoke(node));

    assertThat(event(new Create(Specs.spec("cart")))).isEmpty();
    assertThat(event(new Revoke(node))).isEmpty();
  }
}
