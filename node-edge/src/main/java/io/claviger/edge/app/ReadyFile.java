package io.claviger.edge.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that exists while this edge is ready. While it replaces another edge, both have the same
 * address for probes, and the kubelet must not mistake the other one's answer for its own.
 */
final class ReadyFile {

  private static final Logger LOG = LoggerFactory.getLogger(ReadyFile.class);
  private static final long LOOK_MILLIS = 500;

  private final Vertx vertx;
  private final FileSystem files;
  private final String file;
  private final BooleanSupplier ready;
  private boolean shown;

  /** Creates no file until {@link #start()}. */
  ReadyFile(Vertx vertx, Path file, BooleanSupplier ready) {
    this.vertx = vertx;
    this.files = vertx.fileSystem();
    this.file = file.toString();
    this.ready = ready;
  }

  /** Deletes the file first: a previous process may have left it. */
  Future<Void> start() {
    return remove().onSuccess(gone -> vertx.setPeriodic(LOOK_MILLIS, timer -> look()));
  }

  private void look() {
    boolean now = ready.getAsBoolean();
    if (now != shown) {
      shown = now;
      (now ? files.writeFile(file, Buffer.buffer()) : remove()).onFailure(this::failed);
    }
  }

  private void failed(Throwable cause) {
    shown = !shown;
    LOG.atWarn()
        .addKeyValue("file", file)
        .addKeyValue("reason", cause.getMessage())
        .log("cannot write the file that marks this edge as ready, will retry");
  }

  private Future<Void> remove() {
    return files
        .exists(file)
        .compose(there -> there ? files.delete(file) : Future.succeededFuture());
  }
}
