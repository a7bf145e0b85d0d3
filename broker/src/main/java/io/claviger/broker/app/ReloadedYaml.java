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
 * The content of a mounted YAML file, read again within seconds of a change. If the file becomes
 * unusable, the previous content stays in force. A warning names the problem and never the content.
 *
 * @param <T> the type of the content
 */
final class ReloadedYaml<T> implements Supplier<T> {

  private static final Logger LOG = LoggerFactory.getLogger(ReloadedYaml.class);

  /** The default interval between checks of a file. */
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
   * Reads the file now, and again after each change.
   *
   * @param every the interval between checks
   * @param what the file holds, for messages
   * @param document the type of the YAML document
   * @param meaning converts a document. Throws {@link IllegalArgumentException} for an invalid one,
   *     with a message that contains nothing of it that could be secret
   * @throws SettingsException if the first reading fails
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

  /** One check at a time: checks of a file system that hangs must not pile up. */
  private void lookAgain(Vertx vertx, Duration every) {
    vertx.setTimer(every.toMillis(), timer -> look(vertx, every));
  }

  private void look(Vertx vertx, Duration every) {
    try {
      vertx.executeBlocking(this::reload).onComplete(looked -> lookAgain(vertx, every));
    } catch (RejectedExecutionException e) {
      LOG.atDebug().addKeyValue("file", file).log("file is no longer watched: closing");
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
          .log("a changed file cannot be used; its previous content stays in force");
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
      // This is a bug in the conversion of a file that a person wrote. It must not end the watching
      // of that file.
      throw new SettingsException(
          what + " in " + file + " cannot be used: " + e.getClass().getSimpleName());
    }
  }
}
