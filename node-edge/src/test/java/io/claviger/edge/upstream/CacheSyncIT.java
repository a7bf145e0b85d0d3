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

/** What the edge reports of its cache to a broker, and at what cost. */
final class CacheSyncIT {

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
  void looksAtNothingButWhatIsNewHoweverMuchIsCached(int cached) {
    IntStream.range(0, cached).forEach(rig::holds);
    IntStream.range(0, cached).forEach(rig::serves);
    CacheSync sync = syncs.begun(broker);
    syncs.onContext(() -> sync.pods().begin(broker.version));
    await()
        .until(
            () -> {
              syncs.turn(sync);
              return reported() == cached;
            });
    int all = rig.looksAtAll.get();
    int one = rig.looksAtOne.get();

    IntStream.range(0, 10).forEach(i -> syncs.turn(sync));
    assertThat(rig.looksAtOne).hasValue(one);
    rig.holds(cached);
    rig.serves(cached);
    syncs.turn(sync, "synced");

    assertThat(rig.looksAtOne).hasValue(one + 2);
    assertThat(rig.looksAtAll).hasValue(all);
    assertThat(broker.reported().getLast()).containsExactly(known(cached));
  }

  private int reported() {
    return broker.podReports().stream().mapToInt(report -> report.pods().size()).sum();
  }

  @Test
  void missesNothingThatBecomesKnownWhileItLooksAtAll() {
    rig.holds(1);
    rig.afterLookingAtAll = () -> rig.holds(2);
    CacheSync sync = syncs.begun(broker);

    syncs.turn(sync);

    await().until(() -> syncs.reported().contains(known(2)));
  }

  @Test
  void looksAtAllAgainWhenTooMuchHasBecomeKnownMeanwhile() {
    CacheSync sync = syncs.begun(broker);
    int more = 2 * UpstreamRig.JOURNAL_SIZE;
    IntStream.range(0, more).forEach(rig::holds);

    syncs.turn(sync);

    await().until(() -> syncs.reported().size() == more);
    assertThat(syncs.reported()).containsExactlyInAnyOrderElementsOf(rig.cached.values());
  }

  @Test
  void reportsNothingOfWhatIsForgottenBefore() {
    CacheSync sync = syncs.begun(broker);
    rig.holds(1, 2);
    rig.cached.remove(known(1).key());

    syncs.turn(sync, "synced");

    assertThat(syncs.reported()).containsExactly(known(2));
    int looks = rig.looksAtOne.get();
    syncs.turn(sync);
    assertThat(rig.looksAtOne).hasValue(looks);
  }

  @Test
  void tellsHoweverMuchIsCached() {
    int cached = 10_050;
    IntStream.range(0, cached).forEach(rig::holds);
    CacheSync sync = syncs.begun(broker);
    assertThat(syncs.reported()).hasSize(cached);

    rig.holds(cached);
    syncs.turn(sync, "synced");

    assertThat(syncs.reported()).hasSize(cached + 1);
    assertThat(rig.looksAtAll).hasValue(1);
  }
}
