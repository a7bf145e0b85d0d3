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
 * The access keys as their file says; without a file nobody has one. Messages name an entry by its
 * place and never repeat what is written there: it may be a secret in the wrong field.
 */
final class AccessKeysFile {

  /** A shorter secret could be guessed from one request that was seen. */
  private static final int MIN_SECRET_CHARACTERS = 16;

  private AccessKeysFile() {}

  /**
   * Reads the file now, and again when it changes; keys that cannot be read leave those before in
   * force.
   *
   * @throws io.claviger.config.settings.SettingsException when it cannot be read the first time
   */
  static Supplier<AccessKeys> open(Vertx vertx, Path file) {
    return open(vertx, file, ReloadedYaml.EVERY);
  }

  /** As {@link #open(Vertx, Path)}, looking at the file that often. */
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
            "secretAccessKey has to have at least " + MIN_SECRET_CHARACTERS + " characters");
      }
      return new AccessKey(
          StrictYaml.required("name", name),
          StrictYaml.required("accessKeyId", accessKeyId),
          secret,
          node);
    }

    /** A record's own would show the secret. */
    @Override
    public String toString() {
      return "Entry[]";
    }
  }
}
