package io.claviger.reference;

import io.claviger.localmesh.MeshException;
import io.claviger.reference.Meter.Kind;
import io.claviger.reference.Meter.Tag;
import io.claviger.reference.Meter.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The javadoc of a meter's constant: {@code Counter by `result` (opened, denied): sessions asked of
 * STS.} A link to an enum may replace the list of values.
 */
final class MeterDoc {

  private static final Pattern SENTENCE =
      Pattern.compile("(Counter|Gauge|Timer|Distribution)( in seconds)?(?: by (.+?))?: (.+)");
  private static final Pattern TAG = Pattern.compile("`([a-z.]+)`(?: \\(([^)]+)\\))?");
  private static final Pattern LINK = Pattern.compile("\\{@link ([^}]+)}");

  private MeterDoc() {}

  /**
   * Parses the javadoc of a constant.
   *
   * @param constant {@code Class.CONSTANT}
   * @param meter the value of the constant
   * @param doc its javadoc; links to other constants of the class are resolved
   * @param enums finds the constants of an enum by its name
   * @throws MeshException when the javadoc does not have this form
   */
  static Meter read(
      String constant, String meter, String doc, Function<String, List<Declared>> enums) {
    Matcher sentence = SENTENCE.matcher(doc);
    if (!sentence.matches()) {
      throw new MeshException(
          constant
              + ": its javadoc needs the form 'Counter by {@code result} (opened, denied): what is"
              + " counted.', not: "
              + doc);
    }
    Kind kind = Kind.valueOf(sentence.group(1).toUpperCase(Locale.ROOT));
    String meaning = sentence.group(4);
    return new Meter(
        constant,
        prometheus(meter, kind, sentence.group(2) != null),
        kind,
        sentence.group(3) == null ? List.of() : tags(sentence.group(3), enums),
        meaning.substring(0, 1).toUpperCase(Locale.ROOT) + meaning.substring(1));
  }

  /** Micrometer's name for Prometheus. */
  private static String prometheus(String meter, Kind kind, boolean inSeconds) {
    String name = meter.replace('.', '_');
    boolean seconds = (inSeconds || kind == Kind.TIMER) && !name.endsWith("_seconds");
    return name + (seconds ? "_seconds" : "") + (kind == Kind.COUNTER ? "_total" : "");
  }

  private static List<Tag> tags(String text, Function<String, List<Declared>> enums) {
    return TAG.matcher(text)
        .results()
        .map(
            tag ->
                new Tag(
                    tag.group(1), tag.group(2) == null ? List.of() : values(tag.group(2), enums)))
        .toList();
  }

  private static List<Value> values(String text, Function<String, List<Declared>> enums) {
    return Arrays.stream(text.split(", ", -1)).flatMap(one -> valuesOf(one, enums)).toList();
  }

  private static Stream<Value> valuesOf(String text, Function<String, List<Declared>> enums) {
    Matcher linked = LINK.matcher(text);
    return linked.matches()
        ? enums.apply(linked.group(1)).stream()
            .map(value -> new Value(value.name().toLowerCase(Locale.ROOT), value.doc()))
        : Stream.of(new Value(text, ""));
  }
}
