package io.claviger.broker.adapter.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.adapter.hazelcast.PeerMembers;
import io.claviger.broker.telemetry.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A broker detects which others serve. */
class PeerProbeIT extends PeerCase {

  @Test
  void probesAMemberUntilItServes() throws Exception {
    mesh.undeployTheOwner();
    mesh.serves = false;
    MeterRegistry meters = new SimpleMeterRegistry();
    PeerProbe probe = new PeerProbe(mesh.requester.vertx(), meters);
    PeerMembers.watch(mesh.requester.hazelcast(), probe::joined, probe::left);
    assertThat(probe.completed()).isFalse();

    mesh.deployTheOwner();

    await().atMost(Duration.ofSeconds(4)).until(probe::completed);
    assertThat(probe.serving()).isEmpty();
    assertThat(peers(meters, "silent")).isEqualTo(1);

    mesh.serves = true;

    await().until(() -> probe.serving().equals(Set.of(mesh.owner.nodeId())));
    assertThat(peers(meters, "silent")).isZero();
    assertThat(peers(meters, "serving")).isEqualTo(1);
  }

  @Test
  void takesAMemberThatIsLostForServingOnlyOnceItSaysSoAgain() throws Exception {
    PeerProbe probe = new PeerProbe(mesh.requester.vertx(), new SimpleMeterRegistry());
    probe.joined(mesh.owner.nodeId());
    await().until(() -> probe.serving().contains(mesh.owner.nodeId()));
    mesh.undeployTheOwner();

    probe.lost(mesh.owner.nodeId());

    assertThat(probe.serving()).isEmpty();
    mesh.deployTheOwner();
    await().until(() -> probe.serving().contains(mesh.owner.nodeId()));
    probe.left(mesh.owner.nodeId());
    assertThat(probe.serving()).isEmpty();
  }

  @Test
  void probesAgainWhoServesWhichChangesNothing() throws Exception {
    PeerProbe probe = new PeerProbe(mesh.requester.vertx(), new SimpleMeterRegistry());
    Brokers.await(probe.probeAgain(1));
    probe.joined(mesh.owner.nodeId());
    await().until(() -> probe.serving().contains(mesh.owner.nodeId()));
    Brokers.await(probe.probeAgain(2));
    mesh.undeployTheOwner();

    Brokers.await(probe.probeAgain(3));

    assertThat(probe.serving()).containsExactly(mesh.owner.nodeId());
  }

  @Test
  void waitsForNoProbeOfAMemberThatHasLeft() {
    PeerProbe probe = new PeerProbe(mesh.requester.vertx(), new SimpleMeterRegistry());
    probe.joined("no-such-node");
    assertThat(probe.completed()).isFalse();

    probe.left("no-such-node");

    assertThat(probe.completed()).isTrue();
  }

  private static double peers(MeterRegistry meters, String state) {
    return meters.get(Meters.PEERS).tag(Meters.STATE, state).gauge().value();
  }
}
