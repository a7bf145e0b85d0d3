package io.claviger.broker.cli.manifest;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/**
 * YAML that every parser reads alike. Only unambiguous text is written without quotes, and only
 * lines of printable ASCII are written as a block.
 */
public final class YamlText {

  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z][A-Za-z0-9/_.+=@-]*(:{1,2}[A-Za-z0-9/_.+=@-]+)*");
  private static final Pattern LINES =
      Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e\\n]*\\n[\\x20-\\x7e\\n]*");
  private static final Set<String> WORDS =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

  private YamlText() {}

  /** Writes one document of maps, lists, strings and booleans, after a line {@code ---}. */
  public static String document(Map<String, Object> content) {
    DumperOptions options = new DumperOptions();
    options.setExplicitStart(true);
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    return new Yaml(new Texts(options), options).dump(content);
  }

  private static ScalarStyle style(String text) {
    if (PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))) {
      return ScalarStyle.PLAIN;
    }
    return LINES.matcher(text).matches() ? ScalarStyle.LITERAL : ScalarStyle.DOUBLE_QUOTED;
  }

  private static final class Texts extends Representer {
    Texts(DumperOptions options) {
      super(options);
      representers.put(
          String.class, text -> representScalar(Tag.STR, text.toString(), style(text.toString())));
    }
  }
}
