package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.SessionKey;
import io.claviger.schemas.workload.WorkloadIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionNamesTest {

  @Test
  void nameASessionAfterItsServiceAccountAndItsKey() {
    String name = SessionNames.sessionName(key(1), Samples.CART);

    assertThat(name).matches("shop\\.cart-[0-9a-f]{12}");
    assertThat(SessionNames.sessionName(key(1), Samples.CART)).isEqualTo(name);
    assertThat(SessionNames.sessionName(key(2), Samples.CART)).isNotEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({"63,253", "63,1", "1,253", "25,25", "24,26", "1,1"})
  void fitSixtyFourCharactersWithBothNamesInThem(int namespace, int account) {
    WorkloadIdentity workload =
        new WorkloadIdentity("c1", "n".repeat(namespace), "s".repeat(account), "p", "u", null);

    String name = SessionNames.sessionName(key(1), workload);

    assertThat(name).hasSizeLessThanOrEqualTo(64).matches("n+\\.s+-[0-9a-f]{12}");
    assertThat(name).hasSize(Math.min(namespace + account, 50) + 14);
  }

  @Test
  void keepCharactersOutOfANameThatStsDoesNotTake() {
    WorkloadIdentity odd = new WorkloadIdentity("c1", "a/b", "c:d é", "p", "u", null);

    assertThat(SessionNames.sessionName(key(1), odd)).startsWith("a_b.c_d__-");
  }

  @Test
  void tagASharedSessionWithTheServiceAccount() {
    assertThat(SessionNames.tags(Samples.CLUSTER))
        .containsOnlyKeys("eks-cluster-arn", "eks-cluster-name")
        .containsEntry("eks-cluster-arn", Samples.CLUSTER.arn());
    assertThat(SessionNames.tags(Samples.CART, false))
        .containsOnlyKeys("kubernetes-namespace", "kubernetes-service-account")
        .containsEntry("kubernetes-service-account", "cart");
  }

  @Test
  void tagAPodsOwnSessionWithThePodToo() {
    assertThat(SessionNames.tags(Samples.CART, true))
        .hasSize(4)
        .containsEntry("kubernetes-pod-name", "cart-7")
        .containsEntry("kubernetes-pod-uid", "uid-7");
  }

  private static SessionKey key(long revision) {
    return SessionKey.of(Samples.association(revision), Samples.CART, TagScope.SERVICE_ACCOUNT);
  }
}
