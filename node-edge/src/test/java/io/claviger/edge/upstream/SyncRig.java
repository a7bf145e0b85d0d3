package io.claviger.edge.upstream;

import static org.awaitility.Awaitility.await;

import io.claviger.schemas.bus.Sync;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Reports a cache to fake brokers, with a manual clock; the test replaces the timers. */
final class SyncRig implements AutoCloseable {

  private static final Duration LONGER_THAN_ANY_PAUSE = Duration.ofMinutes(1);

  final UpstreamRig upstream;
  final FakeBroker broker;
  final List<BrokerConnection> connections = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  SyncRig(Path directory) throws Exception {
    upstream = new UpstreamRig(directory);
    broker = upstream.broker();
  }

  /** Connects to a broker and reports nothing yet. */
  CacheSync connected(FakeBroker to, CacheSync... beside) {
    BrokerConnector connector = new BrokerConnector(upstream.vertx, upstream.authorities, 10);
    BrokerAddress address = new BrokerAddress("localhost", "127.0.0.1", to.port());
    BrokerConnection connection = onContext(() -> connector.connect(address));
    connections.add(connection);
    return new CacheSync(connection, upstream, upstream.meters, nanos::get, () -> List.of(beside));
  }

  /** Connects to a broker and reports the whole cache. */
  CacheSync begun(FakeBroker to, CacheSync... beside) {
    CacheSync sync = connected(to, beside);
    int before = upstream.confirmed.get();
    on(sync::all);
    await().until(() -> upstream.confirmed.get() > before);
    return sync;
  }

  <T> T onContext(Supplier<Future<T>> task) {
    Promise<T> done = Promise.promise();
    upstream.context.runOnContext(nothing -> task.get().onComplete(done));
    return UpstreamRig.await(done.future());
  }

  void on(Runnable task) {
    onContext(
        () -> {
          task.run();
          return Future.succeededFuture();
        });
  }

  /** Does what the timer does, some time later. */
  void turn(CacheSync sync) {
    nanos.addAndGet(LONGER_THAN_ANY_PAUSE.toNanos());
    on(sync::turn);
  }

  /** As above, and waits until the broker has answered. */
  void turn(CacheSync sync, String result) {
    double before = results(result);
    turn(sync);
    await().until(() -> results(result) > before);
  }

  double results(String result) {
    return upstream.registry.get("claviger.edge.syncs").tag("result", result).counter().count();
  }

  /** Returns everything that was reported to the broker. */
  List<Sync.Known> reported() {
    return broker.reported().stream().flatMap(List::stream).toList();
  }

  @Override
  public void close() {
    upstream.close();
  }
}
