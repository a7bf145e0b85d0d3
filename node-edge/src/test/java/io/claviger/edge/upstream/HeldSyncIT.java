package io.claviger.edge.upstream;

import static io.claviger.edge.upstream.UpstreamRig.known;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker is told of what is held, and at what cost. */
final class HeldSyncIT {

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

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000})
  void looksAtNothingButWhatIsNewHoweverMuchIsHeld(int held) {
    IntStream.range(0, held).forEach(rig::holds);
    IntStream.range(0, held).forEach(rig::serves);
    HeldSync sync = syncs.begun(broker);
    syncs.onContext(() -> sync.pods().begin(broker.version));
    await()
        .until(
            () -> {
              syncs.turn(sync);
              return reported() == held;
            });
    int all = rig.looksAtAll.get();
    int one = rig.looksAtOne.get();

    IntStream.range(0, 10).forEach(i -> syncs.turn(sync));
    assertThat(rig.looksAtOne).hasValue(one);
    rig.holds(held);
    rig.serves(held);
    syncs.turn(sync, "synced");

    assertThat(rig.looksAtOne).hasValue(one + 2);
    assertThat(rig.looksAtAll).hasValue(all);
    assertThat(broker.told().getLast()).containsExactly(known(held));
  }

  private int reported() {
    return broker.podReports().stream().mapToInt(report -> report.pods().size()).sum();
  }

  @Test
  void missesNothingThatBecomesKnownWhileItLooksAtAll() {
    rig.holds(1);
    rig.afterLookingAtAll = () -> rig.holds(2);
    HeldSync sync = syncs.begun(broker);

    syncs.turn(sync);

    await().until(() -> syncs.told().contains(known(2)));
  }

  @Test
  void looksAtAllAgainWhenTooMuchHasBecomeKnownMeanwhile() {
    HeldSync sync = syncs.begun(broker);
    int more = 2 * UpstreamRig.JOURNAL_SIZE;
    IntStream.range(0, more).forEach(rig::holds);

    syncs.turn(sync);

    await().until(() -> syncs.told().size() == more);
    assertThat(syncs.told()).containsExactlyInAnyOrderElementsOf(rig.held.values());
  }

  @Test
  void tellsNothingOfWhatIsForgottenBeforeItIsTold() {
    HeldSync sync = syncs.begun(broker);
    rig.holds(1, 2);
    rig.held.remove(known(1).key());

    syncs.turn(sync, "synced");

    assertThat(syncs.told()).containsExactly(known(2));
    int looks = rig.looksAtOne.get();
    syncs.turn(sync);
    assertThat(rig.looksAtOne).hasValue(looks);
  }

  @Test
  void tellsHoweverMuchIsHeld() {
    int held = 10_050;
    IntStream.range(0, held).forEach(rig::holds);
    HeldSync sync = syncs.begun(broker);
    assertThat(syncs.told()).hasSize(held);

    rig.holds(held);
    syncs.turn(sync, "synced");

    assertThat(syncs.told()).hasSize(held + 1);
    assertThat(rig.looksAtAll).hasValue(1);
  }
}
