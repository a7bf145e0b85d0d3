package io.claviger.localmesh;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** A program's settings as a YAML file: keys with dots become nested maps. */
final class SettingsFile {

  private final Map<String, Object> root = new LinkedHashMap<>();
  private final String prefix;

  /**
   * An empty file.
   *
   * @param prefix of all keys, for example {@code claviger.broker}
   */
  SettingsFile(String prefix) {
    this.prefix = prefix;
  }

  /** Sets a key to a text, number, boolean, list or map. */
  SettingsFile set(String key, Object value) {
    String[] parts = (prefix + "." + key).split("\\.", -1);
    Map<String, Object> map = root;
    for (int i = 0; i < parts.length - 1; i++) {
      map = child(map, parts[i]);
    }
    map.put(parts[parts.length - 1], value);
    return this;
  }

  /** Sets all of these keys. */
  SettingsFile setAll(Map<String, String> settings) {
    new TreeMap<>(settings).forEach(this::set);
    return this;
  }

  @SuppressWarnings("unchecked") // Only maps of this class are under a key that has children.
  private static Map<String, Object> child(Map<String, Object> map, String key) {
    return (Map<String, Object>) map.computeIfAbsent(key, absent -> new LinkedHashMap<>());
  }

  @Override
  public String toString() {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(options).dump(root);
  }
}
