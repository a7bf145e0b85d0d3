package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.config.bridge.BridgeFrame;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.LoginReply;
import io.claviger.schemas.bus.RevokedPods;
import io.claviger.schemas.bus.Sync;
import io.claviger.schemas.bus.SyncReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerSessionIT {

  @TempDir private Path directory;
  private UpstreamRig rig;
  private FakeBroker broker;

  @BeforeEach
  void start() throws Exception {
    rig = new UpstreamRig(directory);
    broker = rig.broker();
  }

  @AfterEach
  void end() {
    rig.close();
  }

  @Test
  void presentsARotatedTokenOnTheSameConnection() throws Exception {
    BrokerSession session = session();
    LoginReply letIn = begin(session);

    onContext(session::renew);
    assertThat(broker.logins()).containsExactly("token-1");
    rig.rotate("token-2");
    onContext(session::renew);

    assertThat(letIn.position()).isEqualTo(FakeBroker.AT_LOGIN);
    assertThat(broker.logins()).containsExactly("token-1", "token-2");
    assertThat(broker.connections()).isEqualTo(1);
  }

  @Test
  void saysWhichNodeTheBrokerHasFoundInItsToken() throws Exception {
    begin(session());

    assertThat(rig.nodeUids).containsExactly(FakeBroker.NODE_UID);
  }

  @Test
  void presentsNothingWhenTheTokenFileIsEmptyOrGone() throws Exception {
    BrokerSession session = session();
    rig.rotate("");
    assertThatIllegalStateException().isThrownBy(() -> begin(session));
    Files.delete(rig.tokenFile);

    assertThatIllegalStateException().isThrownBy(() -> begin(session));

    assertThat(broker.frames).isEmpty();
  }

  @Test
  void asksForTheKeysAgain() {
    BrokerSession session = session();
    begin(session);

    onContext(session::fetchKeys);

    assertThat(rig.keySets).hasSize(2);
  }

  @Test
  void asksForRevokedPodsBeforeItReportsWhatIsCached() {
    RevokedPods reported =
        new RevokedPods(BusProtocol.VERSION, FakeBroker.AT_LOGIN, false, List.of("a/b"));
    broker.revokedPods = reported;

    begin(session());

    assertThat(rig.revokedPods).containsExactly(reported);
    assertThat(broker.frames)
        .extracting(BridgeFrame::address)
        .containsSubsequence(
            BusProtocol.REVOKED_PODS_CHANGED, BusProtocol.REVOKED_PODS, BusProtocol.SYNC);
  }

  @Test
  void worksWithABrokerThatDoesNotKnowRevokedPods() {
    broker.revokedPods = null;

    begin(session());

    assertThat(rig.revokedPods).isEmpty();
  }

  @Test
  void passesOnLaterRevocationsOfPods() {
    begin(session());

    broker.push(
        BusProtocol.REVOKED_PODS_CHANGED,
        new RevokedPods(BusProtocol.VERSION, FakeBroker.AT_LOGIN.next(), false, List.of()));

    Awaitility.await().until(() -> rig.revokedPods.size() == 2);
  }

  @Test
  void tellsWhatIsCachedInAsManyRequestsAsItTakes() {
    for (int number = 0; number < 2 * Sync.MAX_KNOWN + 1; number++) {
      rig.holds(number);
    }
    BrokerSession session = session();

    begin(session);

    Awaitility.await().until(() -> rig.confirmed.get() > 0);
    assertThat(broker.reported())
        .extracting(List::size)
        .containsExactly(Sync.MAX_KNOWN, Sync.MAX_KNOWN, 1);
    assertThat(broker.reported().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(rig.cached.values());
  }

  @Test
  void passesOnWhatIsNotSoAnyMore() {
    rig.holds(1, 2);
    broker.syncs = sync -> new SyncReply.Synced(FakeBroker.AT_LOGIN, List.of(UpstreamRig.known(2)));

    begin(session());

    Awaitility.await().until(() -> rig.notSo.equals(List.of(UpstreamRig.known(2))));
    assertThat(rig.verifiedAgain).isEmpty();
  }

  @Test
  void tellsOnlyWhatIsNew() {
    rig.holds(1);
    BrokerSession session = session();
    begin(session);
    Awaitility.await().until(() -> rig.confirmed.get() > 0);

    rig.holds(2);
    onContext(session.sync()::turn);
    onContext(session.sync()::turn);

    Awaitility.await().until(() -> broker.reported().size() == 2);
    assertThat(broker.reported().getLast()).containsExactly(UpstreamRig.known(2));
  }

  @Test
  void tellsEverythingAgainAfterAGapInThePushes() {
    rig.holds(1);
    begin(session());
    Awaitility.await().until(() -> rig.confirmed.get() > 0);

    rig.whole = false;
    broker.push(BusProtocol.ASSOCIATION_CHANGED, UpstreamRig.changed());

    Awaitility.await().until(() -> broker.reported().size() == 2);
    assertThat(broker.reported().getLast()).containsExactly(UpstreamRig.known(1));
    assertThat(rig.verifiedAgain).isEmpty();
  }

  @Test
  void hasEverythingAskedForAgainWhereABrokerKnowsNoTelling() {
    broker.syncs = null;
    rig.holds(1, 2);
    BrokerSession session = session();

    begin(session);

    Awaitility.await().until(() -> rig.verifiedAgain.size() == 1);
    // This broker pushes nothing of this cache, so its signs of life confirm nothing.
    onContext(session.sync()::heard);
    assertThat(rig.confirmed).hasValue(0);
  }

  @Test
  void hasEverythingAskedForAgainWhereABrokerIsBehindAndTellsItLater() {
    broker.syncs = sync -> new SyncReply.Behind(FakeBroker.AT_LOGIN);
    rig.holds(1);
    BrokerSession session = session();
    begin(session);
    Awaitility.await().until(() -> rig.verifiedAgain.size() == 1);
    assertThat(rig.confirmed).hasValue(0);

    broker.syncs = sync -> new SyncReply.Synced(FakeBroker.AT_LOGIN, List.of());

    Awaitility.await()
        .until(
            () -> {
              onContext(session.sync()::turn);
              return rig.confirmed.get() > 0;
            });
    assertThat(rig.verifiedAgain).hasSize(1);
  }

  private void onContext(Runnable task) {
    onContext(
        () -> {
          task.run();
          return Future.succeededFuture();
        });
  }

  private BrokerSession session() {
    BrokerConnector connector = new BrokerConnector(rig.vertx, rig.authorities, 10);
    BrokerAddress address = new BrokerAddress("localhost", "127.0.0.1", broker.port());
    BrokerConnection connection = onContext(() -> connector.connect(address));
    CacheSync sync = new CacheSync(connection, rig, rig.meters, System::nanoTime, List::of);
    return new BrokerSession(connection, new EdgeToken(rig.vertx, rig.tokenFile), rig, sync);
  }

  private LoginReply begin(BrokerSession session) {
    return onContext(() -> session.login().compose(session::begin));
  }

  private <T> T onContext(Supplier<Future<T>> task) {
    Promise<T> done = Promise.promise();
    rig.context.runOnContext(nothing -> task.get().onComplete(done));
    return UpstreamRig.await(done.future());
  }
}
