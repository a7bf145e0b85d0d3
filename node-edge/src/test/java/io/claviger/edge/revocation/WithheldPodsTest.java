package io.claviger.edge.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.Withheld;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WithheldPodsTest {

  private static final WorkloadIdentity POD =
      new WorkloadIdentity("c1", "app1", "web", "web-0", "uid-0", "node-1");
  private static final WorkloadIdentity OTHER =
      new WorkloadIdentity("c1", "app2", "web", "web-0", "uid-1", "node-1");

  private final WithheldPods pods = new WithheldPods();

  @Test
  void withholdNothingUntilTold() {
    assertThat(pods.withholds(POD)).isFalse();
    assertThat(pods.isKnownAt(Position.NONE)).isTrue();
  }

  @Test
  void knowPodsByNamespaceAndNameAndByUid() {
    tell(1, "app1/web-0");
    assertThat(pods.withholds(POD)).isTrue();
    assertThat(pods.withholds(OTHER)).isFalse();

    tell(2, "uid-1");
    assertThat(pods.withholds(POD)).isFalse();
    assertThat(pods.withholds(OTHER)).isTrue();
    assertThat(pods.withholdsEverything()).isFalse();
  }

  @Test
  void withholdEverythingOfARevokedNode() {
    pods.accept(new Withheld(BusProtocol.VERSION, at(1), true, List.of()));

    assertThat(pods.withholds(POD)).isTrue();
    assertThat(pods.withholdsEverything()).isTrue();
  }

  @Test
  void takeNothingThatIsOlderThanWhatIsKnown() {
    tell(5, "app1/web-0");

    assertThat(tell(4)).isFalse();
    assertThat(pods.withholds(POD)).isTrue();
    assertThat(tell(5)).isTrue();
    assertThat(pods.withholds(POD)).isFalse();
  }

  @Test
  void tellWhichAnswersKnewOfThem() {
    tell(5, "app1/web-0");

    assertThat(pods.isKnownAt(at(4))).isFalse();
    assertThat(pods.isKnownAt(at(5))).isTrue();
  }

  private boolean tell(long sequence, String... withheld) {
    return pods.accept(new Withheld(BusProtocol.VERSION, at(sequence), false, List.of(withheld)));
  }

  private static Position at(long sequence) {
    return new Position(1, sequence);
  }
}
