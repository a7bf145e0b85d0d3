package io.claviger.broker.association;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RevocationsTest {

  private static final WorkloadIdentity POD =
      new WorkloadIdentity(Specs.CLUSTER, "shop", "cart", "cart-1", "uid-1", "node-1");
  private static final Association CART =
      new Association(
          "a-1",
          Specs.CLUSTER,
          new AssociationSpec(
              "shop", "cart", Specs.role("hop"), Specs.role("target"), false, null, Map.of()),
          Specs.TESTER,
          1,
          Specs.NOW,
          Specs.NOW);

  private final Revocations revocations = new Revocations();

  private Optional<Revocation> revoked(String subject) {
    revocations.put(Specs.revocation(subject));
    return revocations.revoking(POD, CART);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "role:arn:aws:iam::123456789012:role/hop",
        "role:arn:aws:iam::123456789012:role/target",
        "workload:shop/cart",
        "node:node-1",
        "pod:shop/cart-1",
        "pod:uid-1"
      })
  void revokeWhatTheyName(String subject) {
    assertThat(revoked(subject)).contains(Specs.revocation(subject));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "role:arn:aws:iam::123456789012:role/other",
        "workload:shop/carts",
        "workload:bank/cart",
        "node:node-2",
        "pod:bank/cart-1",
        "pod:cart-1"
      })
  void revokeNothingElse(String subject) {
    assertThat(revoked(subject)).isEmpty();
  }

  @Test
  void concernAWholeAssociationOnlyByItsRolesAndItsWorkload() {
    revocations.put(Specs.revocation("node:node-1"));
    revocations.put(Specs.revocation("pod:uid-1"));
    assertThat(revocations.ofAssociation(CART)).isEmpty();

    revocations.put(Specs.revocation("workload:shop/cart"));
    assertThat(revocations.ofAssociation(CART)).isPresent();
  }

  @Test
  void areOfOneCluster() {
    revocations.put(
        new Revocation(
            "other", Specs.revocation("node:node-1").subject(), Specs.NOW, Specs.TESTER));

    assertThat(revocations.revoking(POD, CART)).isEmpty();
  }

  @Test
  void endWhenTheyAreLifted() {
    revoked("node:node-1");
    revocations.remove(Specs.CLUSTER, Specs.revocation("node:node-1").subject());

    assertThat(revocations.revoking(POD, CART)).isEmpty();
  }
}
