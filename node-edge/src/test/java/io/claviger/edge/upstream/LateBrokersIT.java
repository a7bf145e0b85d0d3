package io.claviger.edge.upstream;

import static io.claviger.edge.upstream.UpstreamRig.known;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.bus.SyncReply;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How cached entries are treated while a broker does not confirm them. */
final class LateBrokersIT {

  @TempDir private Path directory;
  private SyncRig syncs;
  private UpstreamRig rig;
  private FakeBroker broker;

  @BeforeEach
  void start() throws Exception {
    syncs = new SyncRig(directory);
    rig = syncs.upstream;
    broker = syncs.broker;
  }

  @AfterEach
  void end() {
    syncs.close();
  }

  private static List<AssociationKey> keys(int... numbers) {
    return IntStream.of(numbers).mapToObj(number -> known(number).key()).toList();
  }

  @Test
  void tellsABrokerThatIsLateTheSameAgainAndAsksForNothingAnew() throws Exception {
    rig.holds(1);
    CacheSync other = syncs.begun(rig.broker());
    CacheSync sync = syncs.begun(broker, other);
    rig.holds(2);

    broker.syncs = null;
    syncs.turn(sync, "failed");
    syncs.turn(sync, "failed");
    assertThat(rig.verifiedAgain).isEmpty();
    broker.syncs = reported -> new SyncReply.Synced(FakeBroker.AT_LOGIN, List.of());
    syncs.turn(sync, "synced");

    assertThat(rig.verifiedAgain).isEmpty();
    assertThat(broker.reported())
        .containsExactly(
            List.of(known(1)), List.of(known(2)), List.of(known(2)), List.of(known(2)));
  }

  @Test
  void asksAnewForWhatNoOtherBrokerWasSentWhenABrokerIsLateForLong() throws Exception {
    rig.holds(1, 2);
    CacheSync other = syncs.begun(rig.broker());
    CacheSync sync = syncs.begun(broker, other);
    rig.holds(3);
    syncs.turn(other, "synced");
    rig.holds(4);

    broker.syncs = null;
    syncs.turn(sync, "failed");
    syncs.turn(sync, "failed");
    assertThat(rig.verifiedAgain).isEmpty();
    syncs.turn(sync, "failed");
    syncs.turn(sync, "failed");

    assertThat(rig.verifiedAgain).containsExactly(keys(4));
  }

  @Test
  void asksAnewAtOnceForWhatALateBrokerDoesNotKnowWhereThereIsNoOther() {
    rig.holds(1);
    CacheSync sync = syncs.begun(broker);
    rig.holds(2);

    broker.syncs = null;
    syncs.turn(sync, "failed");

    assertThat(rig.verifiedAgain).containsExactly(keys(2));
  }

  @Test
  void asksAnewAtOnceForWhatABrokerThatIsBehindCannotSayAndNoOtherWasSent() throws Exception {
    rig.holds(1, 2);
    CacheSync other = syncs.begun(rig.broker());
    rig.holds(3);

    broker.syncs = reported -> new SyncReply.Behind(FakeBroker.AT_LOGIN);
    CacheSync sync = syncs.connected(broker, other);
    syncs.on(sync::all);

    await().until(() -> !rig.verifiedAgain.isEmpty());
    assertThat(rig.verifiedAgain).containsExactly(keys(3));
  }

  @Test
  void reliesOnNoBrokerWhosePushesMayBeMissing() throws Exception {
    rig.holds(1);
    FakeBroker silent = rig.broker();
    CacheSync other = syncs.begun(silent);
    CacheSync sync = syncs.begun(broker, other);
    rig.holds(2);

    // After a gap the other link has to report everything anew, and has no answer yet.
    silent.syncs = null;
    double failed = syncs.results("failed");
    syncs.on(other::all);
    await().until(() -> syncs.results("failed") > failed);
    rig.verifiedAgain.clear();
    broker.syncs = null;
    syncs.turn(sync, "failed");

    assertThat(rig.verifiedAgain).containsExactly(keys(2));
  }

  @Test
  void takesABrokerThatHasTooMuchToDoForNoneThatPushesEverything() {
    rig.holds(1);
    CacheSync sync = syncs.begun(broker);
    rig.holds(2);

    broker.syncs = null;
    syncs.turn(sync, "failed");
    int before = rig.confirmed.get();
    syncs.on(sync::heard);

    assertThat(rig.confirmed).hasValue(before);
    broker.syncs = reported -> new SyncReply.Synced(FakeBroker.AT_LOGIN, List.of());
    syncs.turn(sync, "synced");
    assertThat(rig.confirmed.get()).isGreaterThan(before);
  }

  @Test
  void takesABrokerThatRefusesAfterItHeardOfSomethingForNoneThatPushesEverything() {
    rig.holds(1);
    broker.syncs = reported -> new SyncReply.Behind(FakeBroker.AT_LOGIN);
    CacheSync sync = syncs.connected(broker);
    syncs.on(sync::all);
    await().until(() -> syncs.results("behind") == 1);

    broker.syncs = null;
    syncs.turn(sync, "failed");
    syncs.on(sync::heard);

    assertThat(rig.confirmed).hasValue(0);
  }

  @Test
  void reliesOnNoBrokerThatIsGone() throws Exception {
    rig.holds(1);
    CacheSync other = syncs.begun(rig.broker());
    syncs.on(syncs.connections.getFirst()::drain);

    broker.syncs = reported -> new SyncReply.Behind(FakeBroker.AT_LOGIN);
    CacheSync sync = syncs.connected(broker, other);
    syncs.on(sync::all);

    await().until(() -> !rig.verifiedAgain.isEmpty());
    assertThat(rig.verifiedAgain).containsExactly(keys(1));
  }
}
