package io.claviger.broker.ingress.api;

import io.claviger.broker.association.AssociationWatch;
import io.claviger.broker.association.ChangeHistory.Read;
import io.claviger.broker.association.ObservedChange;
import io.claviger.broker.ingress.api.ApiAnswer.Watching;
import io.claviger.schemas.association.Position;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a watch to its client. It does not buffer for the client: it writes while the client
 * reads, and takes unsent changes from the shared history. Lives on its connection's event loop,
 * except for the signal that there are more changes.
 */
final class WatchStream {

  private final Context context;
  private final Vertx vertx;
  private final HttpServerResponse response;
  private final HttpConnection connection;
  private final Watching watching;
  private final WatchLimits limits;
  private final Consumer<WatchEnd> ended;
  private final Runnable written;
  private final long began;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private Iterator<Buffer> pending = Collections.emptyIterator();
  private Position bookmarked = Position.NONE;
  private @Nullable Long fullSince;
  private long lastWrite;
  private boolean over;
  private long timer;
  private Runnable unlisten = () -> {};

  /**
   * Creates a stream, which {@link #begin} starts.
   *
   * @param written runs for each event
   * @param ended receives once why the watch has ended
   */
  WatchStream(
      Vertx vertx,
      HttpServerResponse response,
      HttpConnection connection,
      Watching watching,
      WatchLimits limits,
      Runnable written,
      Consumer<WatchEnd> ended) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.response = response;
    this.connection = connection;
    this.watching = watching;
    this.limits = limits;
    this.written = written;
    this.ended = ended;
    this.began = System.nanoTime();
    this.lastWrite = began;
  }

  void begin() {
    response.closeHandler(closed -> over(WatchEnd.CLIENT));
    response.exceptionHandler(failure -> over(WatchEnd.CLIENT));
    response.drainHandler(drained -> pump());
    AssociationWatch watch = watching.watch();
    pending = watch.resumed() ? Collections.emptyIterator() : first(watch);
    bookmarked = watch.position();
    unlisten = watch.listen(this::more);
    timer = vertx.setPeriodic(limits.check().toMillis(), tick -> check());
    // Shows the client that the watch has begun, even without events.
    send(WatchEvents.HEARTBEAT);
    pump();
  }

  /** Runs on the table's thread. */
  private void more() {
    if (scheduled.compareAndSet(false, true)) {
      context.runOnContext(
          more -> {
            scheduled.set(false);
            pump();
          });
    }
  }

  private Iterator<Buffer> first(AssociationWatch watch) {
    Position position = watch.position();
    return Stream.concat(
            watch.first().stream()
                .filter(watching.access()::covers)
                .map(association -> watching.events().first(association, position)),
            Stream.of(WatchEvents.bookmark(position)))
        .iterator();
  }

  private void pump() {
    while (!over && !response.writeQueueFull()) {
      if (pending.hasNext()) {
        send(pending.next());
        written.run();
      } else if (!read()) {
        break;
      }
    }
    fullSince = !over && response.writeQueueFull() ? fullSince() : null;
  }

  private long fullSince() {
    return fullSince == null ? System.nanoTime() : fullSince;
  }

  /** Takes the next changes from the history. Returns whether there were any. */
  private boolean read() {
    Position before = watching.watch().position();
    switch (watching.watch().next()) {
      case Read.Expired expired -> end(WatchEnd.HISTORY);
      case Read.Changes changes ->
          pending =
              changes.changes().stream()
                  .filter(change -> watching.access().covers(change.association()))
                  .map(this::written)
                  .iterator();
    }
    return !watching.watch().position().equals(before);
  }

  private Buffer written(ObservedChange change) {
    bookmarked = change.position();
    return watching.events().change(change);
  }

  private void send(Buffer event) {
    lastWrite = System.nanoTime();
    response.write(event);
  }

  private void check() {
    if (!watching.access().stands()) {
      end(WatchEnd.NOT_GRANTED);
    } else if (fullSince != null
        && System.nanoTime() - fullSince > limits.unreadTimeout().toNanos()) {
      cut();
    } else if (System.nanoTime() - began > limits.life().toNanos()) {
      end(WatchEnd.LIFE);
    } else if (fullSince == null && System.nanoTime() - lastWrite >= limits.heartbeat().toNanos()) {
      send(heartbeat());
    }
  }

  /** Bookmarks changes that the watcher may not see; otherwise its position would expire. */
  private Buffer heartbeat() {
    Position now = watching.watch().position();
    if (pending.hasNext() || now.equals(bookmarked)) {
      return WatchEvents.HEARTBEAT;
    }
    bookmarked = now;
    return WatchEvents.bookmark(now);
  }

  /** Ends the watch so that the client can resume. If the client does not read, closes at once. */
  void end(WatchEnd why) {
    if (over) {
      return;
    }
    boolean full = response.writeQueueFull();
    over(why);
    if (full) {
      closeAtOnce();
    } else {
      response.end();
    }
  }

  private void cut() {
    over(WatchEnd.SLOW);
    closeAtOnce();
  }

  /** Closes below TLS and drops pending writes, which {@code close()} would wait for. */
  private void closeAtOnce() {
    if (connection instanceof HttpServerConnection server) {
      server.channelHandlerContext().pipeline().firstContext().close();
    } else {
      connection.close();
    }
  }

  private void over(WatchEnd why) {
    if (!over) {
      over = true;
      unlisten.run();
      vertx.cancelTimer(timer);
      ended.accept(why);
    }
  }
}
