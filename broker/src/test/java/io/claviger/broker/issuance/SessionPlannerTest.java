package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionPlannerTest {
  private static final String ROLE = "arn:aws:iam::111122223333:role/pods/cart";
  private static final String TARGET = "arn:aws:iam::444455556666:role/target";
  private final SessionPlanner planner =
      new SessionPlanner(Map.of("c1", Samples.CLUSTER), Duration.ofHours(1));

  @Test
  void knowsNoClusterWhoseAccountIsNotTwelveDigits() {
    assertThatThrownBy(() -> new ClusterProfile("c1", "arn", "1111", "eu-central-1", TagScope.POD))
        .hasMessage("account of cluster c1 is not 12 digits");
  }

  @Test
  void letsPodsOfAServiceAccountShareByDefault() {
    SessionPlan one = plan(Samples.spec(Map.of()), Samples.pod("cart-1", "uid-1"));
    SessionPlan other = plan(Samples.spec(Map.of()), Samples.pod("cart-2", "uid-2"));

    assertThat(one.key()).isEqualTo(other.key());
    assertThat(one.request()).isEqualTo(other.request());
    assertThat(one.request().tags()).hasSize(4);
    assertThat(one.request().externalId()).isNull();
  }

  @Test
  void givesEachPodItsOwnWhereTheAssociationSaysSo() {
    AssociationSpec spec = Samples.spec(Map.of(TagScope.TAG, "pod"));

    SessionPlan one = plan(spec, Samples.pod("cart-1", "uid-1"));
    SessionPlan other = plan(spec, Samples.pod("cart-2", "uid-2"));

    assertThat(one.key()).isNotEqualTo(other.key());
    assertThat(one.request().sessionName()).isNotEqualTo(other.request().sessionName());
    assertThat(one.request().tags()).hasSize(6);
  }

  @Test
  void sharesWithoutTagsAndWithTheExternalIdWhereTagsAreDisabled() {
    AssociationSpec spec =
        new AssociationSpec("shop", "cart", ROLE, null, true, "{}", Map.of(TagScope.TAG, "pod"));

    SessionPlan plan = plan(spec, Samples.CART);

    assertThat(plan.sharedBy()).isEqualTo(TagScope.SERVICE_ACCOUNT);
    assertThat(plan.request().tags()).isEmpty();
    assertThat(plan.request().policy()).isEqualTo("{}");
    assertThat(plan.request().externalId()).isEqualTo("eu-central-1/111122223333/c1/shop/cart");
  }

  @Test
  void passesTheTargetRoleWithTheExternalId() {
    AssociationSpec spec = new AssociationSpec("shop", "cart", ROLE, TARGET, false, null, Map.of());

    SessionPlan plan = plan(spec, Samples.CART);

    assertThat(plan.request().targetRoleArn()).isEqualTo(TARGET);
    assertThat(plan.request().externalId()).isEqualTo("eu-central-1/111122223333/c1/shop/cart");
    assertThat(plan.roleArn()).isEqualTo(TARGET);
  }

  @Test
  void plansNothingForAClusterThatIsNotRegistered() {
    WorkloadIdentity stranger = new WorkloadIdentity("c2", "shop", "cart", "p", "u", null);

    assertThat(planner.plan(Samples.association(1), stranger)).isEmpty();
  }

  private SessionPlan plan(AssociationSpec spec, WorkloadIdentity workload) {
    return planner.plan(Samples.association(1, spec), workload).orElseThrow();
  }
}
