package io.claviger.config.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Sealing keys as a member reads them, from a directory that is deleted afterwards. */
final class TestKeys {

  /** The id of the only key. */
  static final String ID = "k1";

  private TestKeys() {}

  static SealingKeys one() {
    try {
      Path directory = Files.createTempDirectory("claviger-keys");
      Path key = directory.resolve(ID + ".key");
      Path active = directory.resolve("active");
      Files.writeString(key, Base64.getEncoder().encodeToString(new byte[32]));
      Files.writeString(active, ID);
      SealingKeys keys = SealingKeys.open(directory);
      Files.delete(key);
      Files.delete(active);
      Files.delete(directory);
      return keys;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
