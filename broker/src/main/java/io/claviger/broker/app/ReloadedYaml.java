package io.claviger.broker.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.claviger.broker.yaml.StrictYaml;
import io.claviger.config.settings.SettingsException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mounted YAML file says, read again within seconds of its change. Strict: an unknown field
 * or a value of another type is an error. A file that has become unusable leaves what was read
 * before in force, and a warning that names the problem and never the content.
 *
 * @param <T> what it is read as
 */
final class ReloadedYaml<T> implements Supplier<T> {

  private static final Logger LOG = LoggerFactory.getLogger(ReloadedYaml.class);
  private static final long EVERY_MILLIS = 2_000;

  private final Path file;
  private final String what;
  private final Function<byte[], T> parse;
  private byte[] lastRead;
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
   * @param what it holds, for messages
   * @param document as which it is read
   * @param meaning of a document; throws {@link IllegalArgumentException} for one that has none
   * @throws SettingsException when it cannot be read the first time
   */
  static <D, T> Supplier<T> open(
      Vertx vertx, Path file, String what, Class<D> document, Function<D, T> meaning) {
    ReloadedYaml<T> reloaded =
        new ReloadedYaml<>(file, what, bytes -> meaning.apply(parse(bytes, document)));
    vertx.setPeriodic(EVERY_MILLIS, timer -> vertx.executeBlocking(reloaded::reload));
    return reloaded;
  }

  /** A field that must be there. */
  static <V> V required(String field, @Nullable V value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  @Override
  public T get() {
    return current;
  }

  private boolean reload() {
    try {
      byte[] now = read();
      if (!Arrays.equals(now, lastRead)) {
        lastRead = now;
        current = parse(now);
        LOG.atInfo().addKeyValue("file", file).addKeyValue("what", what).log("file was read again");
      }
      return true;
    } catch (SettingsException e) {
      LOG.atWarn()
          .addKeyValue("cause", e.getMessage())
          .log("a changed file cannot be used; what was read before stays in force");
      return false;
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
    }
  }

  private static <D> D parse(byte[] bytes, Class<D> document) {
    try {
      return required("content", StrictYaml.mapper().readValue(bytes, document));
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(
          StrictYaml.path(e) + ": unknown, missing or of another type, line " + line(e));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not YAML, line " + line(e));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read");
    }
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
  }
}
