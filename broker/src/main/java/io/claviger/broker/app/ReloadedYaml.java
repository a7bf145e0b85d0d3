package io.claviger.broker.app;

import io.claviger.config.settings.SettingsException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mounted YAML file says, read again within seconds of its change. A file that has become
 * unusable leaves what was read before in force, and a warning that names the problem and never the
 * content.
 *
 * @param <T> what it is read as
 */
final class ReloadedYaml<T> implements Supplier<T> {

  private static final Logger LOG = LoggerFactory.getLogger(ReloadedYaml.class);

  /** How often a file is looked at unless somebody says otherwise. */
  static final Duration EVERY = Duration.ofSeconds(2);

  private final Path file;
  private final String what;
  private final Function<byte[], T> parse;
  private byte[] lastRead;
  private @Nullable String lastProblem;
  private volatile T current;

  private ReloadedYaml(Path file, String what, Function<byte[], T> parse) {
    this.file = file;
    this.what = what;
    this.parse = parse;
    this.lastRead = read();
    this.current = parse(lastRead);
  }

  /**
   * Reads the file now, and again when it changes.
   *
   * @param every how often it is looked at
   * @param what it holds, for messages
   * @param document as which it is read
   * @param meaning of a document; throws {@link IllegalArgumentException} for one that has none,
   *     with a message that repeats nothing of the document that could be secret
   * @throws SettingsException when it cannot be read the first time
   */
  static <D, T> Supplier<T> open(
      Vertx vertx,
      Path file,
      Duration every,
      String what,
      Class<D> document,
      Function<D, T> meaning) {
    ReloadedYaml<T> reloaded =
        new ReloadedYaml<>(file, what, bytes -> meaning.apply(StrictYaml.parse(bytes, document)));
    reloaded.lookAgain(vertx, every);
    return reloaded;
  }

  @Override
  public T get() {
    return current;
  }

  /** One look at a time: a file system that hangs must not pile them up. */
  private void lookAgain(Vertx vertx, Duration every) {
    vertx.setTimer(every.toMillis(), timer -> look(vertx, every));
  }

  private void look(Vertx vertx, Duration every) {
    try {
      vertx.executeBlocking(this::reload).onComplete(looked -> lookAgain(vertx, every));
    } catch (RejectedExecutionException e) {
      LOG.atDebug().addKeyValue("file", file).log("file is not looked at any more: closing");
    }
  }

  private boolean reload() {
    try {
      byte[] now = read();
      if (!Arrays.equals(now, lastRead)) {
        lastRead = now;
        current = parse(now);
        LOG.atInfo().addKeyValue("file", file).addKeyValue("what", what).log("file was read again");
      }
      lastProblem = null;
      return true;
    } catch (SettingsException e) {
      warnOnce(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void warnOnce(String problem) {
    if (!problem.equals(lastProblem)) {
      lastProblem = problem;
      LOG.atWarn()
          .addKeyValue("cause", problem)
          .log("a changed file cannot be used; what was read before stays in force");
    }
  }

  private byte[] read() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new SettingsException(
          what + " cannot be read from " + file + ": " + e.getClass().getSimpleName());
    }
  }

  private T parse(byte[] bytes) {
    try {
      return parse.apply(bytes);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(what + " in " + file + ": " + e.getMessage());
    } catch (RuntimeException e) {
      // A bug, but of a reading of what a person wrote: it must not end a broker's watching.
      throw new SettingsException(
          what + " in " + file + ": cannot be used, " + e.getClass().getSimpleName());
    }
  }
}
