package io.claviger.broker.adapter.peers;

import io.claviger.broker.association.SnapshotTransfer;
import io.claviger.broker.association.SnapshotTransfer.Fetched;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the table from a peer if needed: retries every second until it has one, or no longer
 * needs one. A broker that reads its table from the log right after the start needs no peer.
 */
public final class PeerSnapshotFetch {

  private static final Logger LOG = LoggerFactory.getLogger(PeerSnapshotFetch.class);
  private static final long DELAY_MILLIS = Duration.ofSeconds(2).toMillis();
  private static final long AGAIN_MILLIS = Duration.ofSeconds(1).toMillis();

  private final Vertx vertx;
  private final Supplier<Set<String>> peers;
  private final SnapshotTransfer transfer;
  private final BooleanSupplier needed;
  private final Function<Fetched, CompletionStage<Boolean>> adopt;

  /**
   * Fetches with this Vert.x's timers.
   *
   * @param peers node ids of the other brokers; must not block
   * @param transfer fetches from them
   * @param needed whether the table is still needed
   * @param adopt adopts the table and returns whether it has
   */
  public PeerSnapshotFetch(
      Vertx vertx,
      Supplier<Set<String>> peers,
      SnapshotTransfer transfer,
      BooleanSupplier needed,
      Function<Fetched, CompletionStage<Boolean>> adopt) {
    this.vertx = vertx;
    this.peers = peers;
    this.transfer = transfer;
    this.needed = needed;
    this.adopt = adopt;
  }

  /** Starts after 2 s. */
  public void start() {
    vertx.setTimer(DELAY_MILLIS, timer -> fetch());
  }

  private void fetch() {
    if (!needed.getAsBoolean()) {
      return;
    }
    transfer
        .fetch(peers.get())
        .thenAccept(found -> found.ifPresent(this::fetched))
        .whenComplete((done, failure) -> vertx.setTimer(AGAIN_MILLIS, timer -> fetch()));
  }

  private void fetched(Fetched fetched) {
    var unused =
        adopt
            .apply(fetched)
            .thenAccept(
                adopted -> {
                  if (adopted) {
                    LOG.atInfo()
                        .addKeyValue("node", fetched.nodeId())
                        .addKeyValue("associations", fetched.snapshot().associations().size())
                        .addKeyValue("as_of", fetched.asOf())
                        .log("association table fetched from a peer");
                  }
                });
  }
}
