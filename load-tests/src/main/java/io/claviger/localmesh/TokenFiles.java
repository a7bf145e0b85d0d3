package io.claviger.localmesh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Token files that are renewed as the kubelet renews projected ones: at 80 % of a token's lifetime,
 * in one atomic step. No newline follows the token, because SDKs send the file's content as it is.
 */
final class TokenFiles implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TokenFiles.class);
  private static final double ROTATE_AT = 0.8;

  private final ScheduledExecutorService rotation =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("token-files").factory());

  /** Writes the file now, and renews it in time until this is closed. */
  Path keep(Path file, Duration life, Supplier<String> token) {
    PrivateFiles.write(file, token.get());
    long period = Math.max(1, (long) (life.toMillis() * ROTATE_AT));
    var unused =
        rotation.scheduleAtFixedRate(
            () -> rotate(file, token), period, period, TimeUnit.MILLISECONDS);
    return file;
  }

  /** A failure must not end the schedule: the next attempt may find free space on the disk. */
  private static void rotate(Path file, Supplier<String> token) {
    try {
      PrivateFiles.write(file, token.get());
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("file", file).setCause(e).log("token file not rotated");
    }
  }

  @Override
  public void close() {
    rotation.shutdownNow();
  }
}
