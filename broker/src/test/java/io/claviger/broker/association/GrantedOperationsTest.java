package io.claviger.broker.association;

import static io.claviger.broker.association.RuledLog.ID;
import static io.claviger.broker.association.RuledLog.accepted;
import static io.claviger.broker.association.Specs.role;
import static io.claviger.broker.association.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand.Create;
import io.claviger.schemas.association.AssociationCommand.Delete;
import io.claviger.schemas.association.AssociationCommand.Put;
import io.claviger.schemas.association.AssociationCommand.Tag;
import io.claviger.schemas.association.AssociationCommand.Untag;
import io.claviger.schemas.association.AssociationCommand.Update;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.AssociationSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The results of operations under the grants of their actor. */
final class GrantedOperationsTest {

  private final RuledLog log = new RuledLog();
  private int names;

  private static String refusal(Result result) {
    return ((Refused) result).code();
  }

  @Test
  void refuseWhatTheActorHasNoGrantFor() {
    log.existing(spec("cart"));
    OperationRules team = log.rules("key/team", "shop", role("pods/*"));

    assertThat(refusal(team.rule(new Create(spec("orders"))))).isEqualTo("AccessDeniedException");
    assertThat(refusal(team.rule(new Put(spec("cart"))))).isEqualTo("AccessDeniedException");
    assertThat(refusal(team.rule(new Update(ID, role("admin"), null, null, null, null))))
        .isEqualTo("AccessDeniedException");
    assertThat(refusal(team.rule(new Update(ID, null, null, true, null, null))))
        .as("the role it keeps is not granted either")
        .isEqualTo("AccessDeniedException");
  }

  @Test
  void letTheActorWhoChangesTheRoleStandForIt() {
    log.existing(spec("cart"));
    OperationRules team = log.rules("key/team", "shop", role("pods/*"));

    Association changed =
        accepted(
            Effect.CHANGED, team.rule(new Update(ID, role("pods/cart"), null, null, null, null)));

    assertThat(changed.grantedBy()).isEqualTo("key/team");
  }

  @Test
  void letTagsBeChangedWithoutStandingForTheRole() {
    log.existing(spec("cart"));
    OperationRules team = log.rules("key/team", "shop");

    Association changed = accepted(Effect.CHANGED, team.rule(new Tag(ID, Map.of("team", "a"))));

    assertThat(changed.grantedBy()).isEqualTo(Specs.TESTER);
  }

  @Test
  void refuseAnotherNamespacesAssociationWhateverIsAskedOfIt() {
    log.existing(new AssociationSpec("bank", "vault", role("r"), null, false, null, Map.of()));
    OperationRules team = log.rules("key/team", "shop", "*");

    Stream.of(
            new Delete(ID, null),
            new Tag(ID, Map.of("a", "b")),
            new Untag(ID, List.of("a")),
            new Update(ID, role("x"), null, null, null, null))
        .forEach(op -> assertThat(refusal(team.rule(op))).isEqualTo("AccessDeniedException"));
  }

  @Test
  void leaveRoomForWhoMayAssociateEverywhereWhateverAllOthersDo() {
    OperationRules team = log.rules("key/team", "shop", "*");
    OperationRules other = log.rules("key/other", "s*", "*");
    OperationRules admin = log.rules("key/admin", "*", "*");
    assertThat(added(team, 11)).isEqualTo(10);
    assertThat(team.rule(new Create(spec("more"))))
        .isEqualTo(
            new Refused(
                "ResourceLimitExceededException",
                "key/team has its 10 associations in cluster one: a grant for all namespaces"
                    + " has no such limit"));

    assertThat(added(other, 10)).isEqualTo(8);
    assertThat(added(admin, 10)).isEqualTo(2);

    for (int gone = 1; gone <= 3; gone++) {
      remove(admin, "sa-" + gone);
    }
    assertThat(added(team, 4)).as("deleted associations no longer count").isEqualTo(1);
  }

  /** A grant to read everywhere does not permit a creation there. */
  @Test
  void giveNoRoomForAGrantOverAllNamespacesThatDoesNotCoverWhatIsMade() {
    List<Grant> both =
        List.of(Specs.grant("key/team", "shop", "*"), Specs.grant("key/team", "*", "none"));
    OperationRules team = log.rules("key/team", both);

    assertThat(added(team, 11)).isEqualTo(10);
  }

  private void remove(OperationRules actor, String serviceAccount) {
    String id = log.state.find(Specs.key(serviceAccount)).orElseThrow().id();
    Association gone = accepted(Effect.REMOVED, actor.rule(new Delete(id, null)));
    log.state.apply(
        new LogEntry.Removed(
            gone.key(),
            gone.id(),
            gone.revision(),
            log.state.head(Specs.CLUSTER).next(),
            "key/admin"));
  }

  private int added(OperationRules actor, int wanted) {
    int added = 0;
    for (int i = 0; i < wanted; i++) {
      if (actor.rule(new Create(spec("sa-" + ++names))) instanceof Accepted write
          && write.effect() == Effect.CREATED) {
        added++;
        log.state.apply(
            new LogEntry.Changed(
                AssociationChange.of(
                    write.association(), log.state.head(Specs.CLUSTER).next(), actor.actor())));
      }
    }
    return added;
  }

  @Test
  void letObjectsTouchNothingThatSomebodyElseHasMade() {
    log.existing(spec("cart"));
    OperationRules objects = log.rules(Grant.NAMESPACE + "shop", "*", "*");

    assertThat(objects.rule(new Put(spec("cart", role("other"), Map.of()))))
        .isEqualTo(new Refused("ResourceInUseException", "Association already exists: " + ID));
    assertThat(objects.rule(new Delete(ID, null)))
        .isEqualTo(new Refused("InvalidRequestException", ID + " was not made by namespace/shop"));
    accepted(Effect.CREATED, objects.rule(new Put(spec("orders"))));
  }

  @Test
  void giveTheObjectsOfANamespaceNothingInAnother() {
    assertThat(refusal(log.rules(Grant.NAMESPACE + "bank", "*", "*").rule(new Put(spec("cart")))))
        .isEqualTo("AccessDeniedException");
  }
}
