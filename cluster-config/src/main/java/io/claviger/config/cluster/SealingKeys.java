package io.claviger.config.cluster;

import io.claviger.config.settings.SettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that seal the values that brokers share. Their directory contains {@code <key id>.key}
 * files (32 bytes, base64), and a file {@code active} with the id of the key that seals. Every key
 * opens. To rotate, add the new key everywhere, then make it the active one everywhere. Remove the
 * old one when the longest session has expired.
 *
 * <p>Thread-safe.
 */
public final class SealingKeys {

  private static final String SUFFIX = ".key";
  private static final String ACTIVE = "active";
  private static final int KEY_BYTES = 32;
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Path directory;
  private volatile Loaded loaded;

  private record Loaded(String active, Map<String, SecretKey> keys) {}

  private SealingKeys(Path directory) {
    this.directory = directory;
    this.loaded = read(directory);
  }

  /**
   * Reads a directory of keys.
   *
   * @throws SettingsException naming the file that is missing or wrong, never its content
   */
  public static SealingKeys open(Path directory) {
    return new SealingKeys(directory);
  }

  /**
   * Reads the directory again. If that fails, the previous keys stay.
   *
   * @throws SettingsException as {@link #open(Path)}
   */
  public void reload() {
    loaded = read(directory);
  }

  /** Returns the id of the key that seals. */
  public String active() {
    return loaded.active;
  }

  Optional<SecretKey> find(String keyId) {
    return Optional.ofNullable(loaded.keys.get(keyId));
  }

  /** Returns the key that seals and its id, both from one read. */
  Map.Entry<String, SecretKey> writing() {
    Loaded now = loaded;
    SecretKey key = now.keys.get(now.active);
    if (key == null) {
      throw new IllegalStateException("checked when read");
    }
    return Map.entry(now.active, key);
  }

  private static Loaded read(Path directory) {
    Map<String, SecretKey> keys = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        keys.put(keyId(name.substring(0, name.length() - SUFFIX.length()), file), key(file));
      }
      Path active = directory.resolve(ACTIVE);
      String id = Files.readString(active, StandardCharsets.UTF_8).strip();
      if (!keys.containsKey(id)) {
        throw new SettingsException(active + " names a key that is not in the directory");
      }
      return new Loaded(id, Map.copyOf(keys));
    } catch (IOException e) {
      throw new SettingsException("cannot read the sealing keys: " + e);
    }
  }

  private static String keyId(String id, Path file) {
    if (!KEY_ID.matcher(id).matches()) {
      throw new SettingsException(file + ": a key id is 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    return id;
  }

  private static SecretKey key(Path file) throws IOException {
    try {
      byte[] bytes = Base64.getDecoder().decode(Files.readString(file).strip());
      if (bytes.length == KEY_BYTES) {
        return new SecretKeySpec(bytes, "AES");
      }
    } catch (IllegalArgumentException e) {
      // Not base64. The cause would quote the key.
    }
    throw new SettingsException(file + " is not 32 bytes in base64");
  }
}
