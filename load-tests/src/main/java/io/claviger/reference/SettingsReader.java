package io.claviger.reference;

import io.claviger.localmesh.MeshException;
import io.claviger.reference.Declared.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the settings that a {@code @ConfigMapping} interface declares. */
final class SettingsReader {

  private static final Pattern WRAPPED = Pattern.compile("(Optional|List|Map)<(?:String, )?(.+)>");
  private static final Map<String, String> WORDS =
      Map.of(
          "String", "text",
          "int", "number",
          "long", "number",
          "double", "fraction",
          "boolean", "`true` or `false`",
          "Duration", "duration",
          "Path", "path",
          "URI", "URL");

  private final Declared root;
  private final List<SettingsGroup> groups = new ArrayList<>();

  private SettingsReader(Declared root) {
    this.root = root;
  }

  /**
   * The groups of an interface; its own keys are the first group.
   *
   * @throws MeshException with the setting or group that has no javadoc, or whose type has no word
   *     here
   */
  static List<SettingsGroup> read(Declared root, String prefix) {
    SettingsReader reader = new SettingsReader(root);
    reader.group(root, prefix, root.doc(), Optional.empty());
    return reader.groups;
  }

  private void group(Declared type, String prefix, String meaning, Optional<String> optional) {
    List<Setting> settings = new ArrayList<>();
    groups.add(new SettingsGroup(prefix, meaning, settings));
    for (Declared method : type.members(Form.METHOD)) {
      String key = prefix + "." + kebab(method.name());
      Matcher wrapped = WRAPPED.matcher(method.type());
      String wrapper = wrapped.matches() ? wrapped.group(1) : "";
      String inner = wrapper.isEmpty() ? method.type() : wrapped.group(2);
      Optional<Declared> nested = root.nested(inner);
      if (nested.isPresent()) {
        String one =
            switch (wrapper) {
              case "List" -> key + "[0]";
              case "Map" -> key + ".*";
              default -> key;
            };
        String said = method.doc().isEmpty() ? nested.get().doc() : method.doc();
        group(
            nested.get(),
            one,
            documented(one, said),
            wrapper.equals("Optional") || wrapper.equals("Map") ? Optional.of(one) : optional);
      } else {
        settings.add(setting(method, key, wrapper, inner, optional));
      }
    }
  }

  private static Setting setting(
      Declared method, String key, String wrapper, String inner, Optional<String> group) {
    String word = WORDS.get(inner);
    if (word == null) {
      throw new MeshException(key + " is of a type that has no word in SettingsReader: " + inner);
    }
    boolean map = wrapper.equals("Map");
    return new Setting(
        map ? key + ".*" : key,
        wrapper.equals("List") ? "list of " + word + "s" : word,
        map || wrapper.equals("Optional"),
        method.value(),
        group,
        documented(key, method.doc()));
  }

  private static String documented(String key, String doc) {
    if (doc.isEmpty()) {
      throw new MeshException(key + " has no javadoc: write there what it means");
    }
    return doc;
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
