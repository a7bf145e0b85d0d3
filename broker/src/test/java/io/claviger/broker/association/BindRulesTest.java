package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationCommand.Bind;
import io.claviger.schemas.association.AssociationOutcome.Bound;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Refused;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.Position;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BindRulesTest {

  private final LogState state = new LogState();
  private Grants grants = Specs.GRANTS;
  private final AssociationDecisions decisions =
      new AssociationDecisions(
          Map.of(Specs.CLUSTER, Specs.RULES), () -> grants, () -> Specs.NOW, new Random(1));

  private Result decide(AssociationCommand.Operation operation) {
    Decision decision = decisions.decide(Specs.command(operation), state);
    state.apply(decision);
    return decision.answer().result();
  }

  @Test
  void bindALogOnceAndRefuseAnotherCluster() {
    assertThat(decide(new Bind("uid-1", false))).isEqualTo(new Bound(Effect.CREATED, "uid-1"));
    assertThat(decide(new Bind("uid-1", false))).isEqualTo(new Bound(Effect.UNCHANGED, "uid-1"));
    assertThat(decide(new Bind("uid-2", false)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.message())
                    .contains("uid-1", "uid-2", "claviger bind --cluster " + Specs.CLUSTER));
    assertThat(state.clusterUid(Specs.CLUSTER)).isEqualTo("uid-1");
  }

  @Test
  void bindItToAnotherClusterForWhoMayRevokeEverywhereAlone() {
    decide(new Bind("uid-1", false));
    grants = Grants.NONE;
    assertThat(decide(new Bind("uid-2", true)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.code()).isEqualTo("AccessDeniedException"));

    grants = Specs.GRANTS;
    assertThat(decide(new Bind("uid-2", true))).isEqualTo(new Bound(Effect.CHANGED, "uid-2"));
    assertThat(state.clusterUid(Specs.CLUSTER)).isEqualTo("uid-2");
  }

  /** An empty API server must not replace the one whose objects made them. */
  @Test
  void leaveTheFirstBindToAnAdministratorOnceObjectsHaveMadeSomething() {
    grants =
        new Grants(
            List.of(
                Grant.ofEverything(Specs.TESTER),
                new Grant(
                    Grant.NAMESPACE + "shop",
                    new NamePattern(Specs.CLUSTER),
                    List.of(new NamePattern("shop")),
                    List.of(new NamePattern("*")),
                    List.of(),
                    false,
                    false)));
    AssociationCommand put =
        AssociationCommand.of(
            Specs.CLUSTER,
            "put",
            Grant.NAMESPACE + "shop",
            Specs.NOW,
            new AssociationCommand.Put(Specs.spec("cart")));
    Decision made = decisions.decide(put, state);
    state.apply(made);
    assertThat(made.entry()).isPresent();

    assertThat(decide(new Bind("uid-1", false)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.message()).contains("claviger bind", "uid-1"));
    assertThat(decide(new Bind("uid-1", true))).isEqualTo(new Bound(Effect.CREATED, "uid-1"));
  }

  /** No association has changed, so edges and watches receive nothing. */
  @Test
  void standWhereTheLastChangeDoes() {
    Decision first = decisions.decide(Specs.command(new Bind("uid-1", false)), state);
    assertThat(first.answer().position()).isEqualTo(Position.NONE);
    state.apply(first);

    decide(new AssociationCommand.Create(Specs.spec("cart")));
    Position last = state.head(Specs.CLUSTER);
    Decision again = decisions.decide(Specs.command(new Bind("uid-2", true)), state);
    state.apply(again);

    assertThat(again.answer().position()).isEqualTo(last);
    assertThat(again.entry().orElseThrow().position()).isEqualTo(last);
    assertThat(state.head(Specs.CLUSTER)).isEqualTo(last);
  }
}
