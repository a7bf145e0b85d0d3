package io.claviger.broker.association;

import static io.claviger.broker.association.Specs.NOW;
import static io.claviger.broker.association.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationOutcome.Accepted;
import io.claviger.schemas.association.AssociationOutcome.Effect;
import io.claviger.schemas.association.AssociationOutcome.Result;
import io.claviger.schemas.association.AssociationSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** The state of a log, and the rules for changes by an actor with grants. */
final class RuledLog {

  static final String ID = "a-00000000000000001";
  private static final Instant EARLIER = NOW.minus(Duration.ofDays(1));

  final LogState state = new LogState();

  /** The rules for an actor with one grant. */
  OperationRules rules(String actor, String namespaces, String... roles) {
    return rules(actor, List.of(Specs.grant(actor, namespaces, roles)));
  }

  OperationRules rules(String actor, List<Grant> grants) {
    return new OperationRules(
        Specs.RULES, new Grants(grants), actor, state, new AssociationIds(new Random(1)), NOW);
  }

  Association existing(AssociationSpec spec) {
    Association association =
        new Association(ID, Specs.CLUSTER, spec, Specs.TESTER, 4, EARLIER, EARLIER);
    state.apply(new LogEntry.Changed(AssociationChange.of(association, Specs.at(4), Specs.TESTER)));
    return association;
  }

  static Association accepted(Effect effect, Result result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Accepted.class, accepted -> assertThat(accepted.effect()).isEqualTo(effect));
    return ((Accepted) result).association();
  }
}
