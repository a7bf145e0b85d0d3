package io.claviger.edge.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.RevokedPods;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PodRevocationsTest {

  private static final WorkloadIdentity POD =
      new WorkloadIdentity("c1", "app1", "web", "web-0", "uid-0", "node-1");
  private static final WorkloadIdentity OTHER =
      new WorkloadIdentity("c1", "app2", "web", "web-0", "uid-1", "node-1");

  private final PodRevocations pods = new PodRevocations();

  @Test
  void revokeNothingUntilABrokerSaysSo() {
    assertThat(pods.revokes(POD)).isFalse();
    assertThat(pods.isKnownAt(Position.NONE)).isTrue();
  }

  @Test
  void knowPodsByNamespaceAndNameAndByUid() {
    report(1, "app1/web-0");
    assertThat(pods.revokes(POD)).isTrue();
    assertThat(pods.revokes(OTHER)).isFalse();

    report(2, "uid-1");
    assertThat(pods.revokes(POD)).isFalse();
    assertThat(pods.revokes(OTHER)).isTrue();
    assertThat(pods.revokesAll()).isFalse();
  }

  @Test
  void revokeAllPodsOfARevokedNode() {
    pods.accept(new RevokedPods(BusProtocol.VERSION, at(1), true, List.of()));

    assertThat(pods.revokes(POD)).isTrue();
    assertThat(pods.revokesAll()).isTrue();
  }

  @Test
  void takeNothingThatIsOlderThanWhatIsKnown() {
    report(5, "app1/web-0");

    assertThat(report(4)).isFalse();
    assertThat(pods.revokes(POD)).isTrue();
    assertThat(report(5)).isTrue();
    assertThat(pods.revokes(POD)).isFalse();
  }

  @Test
  void tellWhichAnswersKnewOfThem() {
    report(5, "app1/web-0");

    assertThat(pods.isKnownAt(at(4))).isFalse();
    assertThat(pods.isKnownAt(at(5))).isTrue();
  }

  private boolean report(long sequence, String... revokedPods) {
    return pods.accept(
        new RevokedPods(BusProtocol.VERSION, at(sequence), false, List.of(revokedPods)));
  }

  private static Position at(long sequence) {
    return new Position(1, sequence);
  }
}
