package io.claviger.broker.adapter.oidc;

import io.claviger.broker.identity.KeySource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileSystem;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A JWK set in a file. */
public final class FileKeySource implements KeySource {

  private final FileSystem files;
  private final String file;

  /** Reads the file at each fetch. */
  public FileKeySource(Vertx vertx, Path file) {
    this.files = vertx.fileSystem();
    this.file = file.toString();
  }

  @Override
  public CompletionStage<String> fetch() {
    return files
        .props(file)
        .compose(
            found ->
                found.size() > HttpKeySource.MAX_BYTES
                    ? Future.failedFuture("longer than " + HttpKeySource.MAX_BYTES + " bytes")
                    : files.readFile(file))
        .map(Object::toString)
        .timeout(HttpKeySource.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(file + ": " + failure.getMessage()))
        .toCompletionStage();
  }
}
