package io.claviger.localmesh;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** Creates the directory of the brokers' sealing keys. */
final class SealingKeyDirectory {

  private static final int KEY_BYTES = 32;

  private SealingKeyDirectory() {}

  /** A directory with one key, which is the active one. */
  static Path create(Path directory, String keyId, SecureRandom random) {
    PrivateFiles.directory(directory);
    add(directory, keyId, random);
    activate(directory, keyId);
    return directory;
  }

  /** Adds a key for reading; no broker writes with it yet. */
  static void add(Path directory, String keyId, SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    PrivateFiles.write(
        directory.resolve(keyId + ".key"), Base64.getEncoder().encodeToString(key) + "\n");
  }

  /** Makes this the key for writing. */
  static void activate(Path directory, String keyId) {
    PrivateFiles.write(directory.resolve("active"), keyId + "\n");
  }
}
