package io.claviger.broker.app;

import io.claviger.broker.identity.AccessKey;
import io.claviger.broker.identity.AccessKeys;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The access keys from their file; without a file there are none. Messages name an entry by its
 * index and never repeat its content, because a secret may be in the wrong field.
 */
final class AccessKeysFile {

  /** A shorter secret could be guessed from one observed request. */
  private static final int MIN_SECRET_CHARACTERS = 16;

  private AccessKeysFile() {}

  /**
   * Reads the file now, and again after each change. If a changed file cannot be read, the previous
   * keys stay in force.
   *
   * @throws io.claviger.config.settings.SettingsException if the first reading fails
   */
  static Supplier<AccessKeys> open(Vertx vertx, Path file) {
    return open(vertx, file, ReloadedYaml.EVERY);
  }

  /** Like {@link #open(Vertx, Path)}, with the given interval between checks of the file. */
  static Supplier<AccessKeys> open(Vertx vertx, Path file, Duration every) {
    return ReloadedYaml.open(vertx, file, every, "access keys", Document.class, Document::read);
  }

  private record Document(@Nullable List<@Nullable Entry> accessKeys) {
    AccessKeys read() {
      return new AccessKeys(StrictYaml.entries("accessKeys", accessKeys, Entry::key));
    }
  }

  private record Entry(
      @Nullable String name,
      @Nullable String accessKeyId,
      @Nullable String secretAccessKey,
      @Nullable String node) {

    AccessKey key() {
      String secret = StrictYaml.required("secretAccessKey", secretAccessKey);
      if (secret.length() < MIN_SECRET_CHARACTERS) {
        throw new IllegalArgumentException(
            "secretAccessKey must have at least " + MIN_SECRET_CHARACTERS + " characters");
      }
      return new AccessKey(
          StrictYaml.required("name", name),
          StrictYaml.required("accessKeyId", accessKeyId),
          secret,
          node);
    }

    /** The record's default would print the secret. */
    @Override
    public String toString() {
      return "Entry[]";
    }
  }
}
