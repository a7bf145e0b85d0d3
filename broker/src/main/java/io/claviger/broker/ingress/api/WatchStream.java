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
 * A watch being written to its client. Nothing is kept for a client: it is written to while it
 * reads, and what it has not been told yet is in the history that all share. Lives on its
 * connection's event loop, except for the signal that there is more.
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
   * A stream; {@link #begin} it.
   *
   * @param written is told of each event
   * @param ended is told once why it is over
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
    // Also a quiet watch shall be seen to have begun.
    send(WatchEvents.HEARTBEAT);
    pump();
  }

  /** On the table's thread. */
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

  /** Takes what has changed meanwhile; whether there was something. */
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

  /** What a watcher is not told of moves it on too, or it would be too far behind one day. */
  private Buffer heartbeat() {
    Position now = watching.watch().position();
    if (pending.hasNext() || now.equals(bookmarked)) {
      return WatchEvents.HEARTBEAT;
    }
    bookmarked = now;
    return WatchEvents.bookmark(now);
  }

  /** Ends it for the client to come again; one that does not read is cut off. */
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

  /** Whatever waits to be written, below TLS too; {@code close()} would wait for it. */
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
