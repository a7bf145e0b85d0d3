package io.claviger.reference;

import io.claviger.localmesh.MeshException;
import io.claviger.reference.Declared.Form;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the meters of a program: constants that begin with {@code claviger.}, in classes called
 * {@code ...Meters} of a package {@code telemetry}.
 */
final class MetersReader {

  private static final Pattern OWN_LINK = Pattern.compile("\\{@link #([A-Z_]+)}");

  private final Path sources;

  private MetersReader(Path sources) {
    this.sources = sources;
  }

  /**
   * A program's meters in the order of its files and of the constants in them.
   *
   * @throws MeshException with the constant whose javadoc does not have the form
   */
  static List<Meter> read(Path sources) {
    MetersReader reader = new MetersReader(sources);
    return reader
        .files(".*/telemetry/\\w*Meters\\.java")
        .flatMap(file -> reader.meters(SourceFile.read(file)))
        .toList();
  }

  private Stream<Meter> meters(Declared type) {
    Map<String, String> constants =
        type.members(Form.FIELD).stream()
            .filter(field -> field.value().isPresent())
            .collect(Collectors.toMap(Declared::name, field -> field.value().orElseThrow()));
    return type.members(Form.FIELD).stream()
        .filter(field -> field.value().filter(name -> name.startsWith("claviger.")).isPresent())
        .map(
            field ->
                MeterDoc.read(
                    type.name() + "." + field.name(),
                    field.value().orElseThrow(),
                    resolved(field.doc(), constants),
                    this::constants));
  }

  private static String resolved(String doc, Map<String, String> constants) {
    return OWN_LINK
        .matcher(doc)
        .replaceAll(
            link ->
                Matcher.quoteReplacement(
                    "`" + constants.getOrDefault(link.group(1), link.group(1)) + "`"));
  }

  private List<Declared> constants(String enumName) {
    String outer = enumName.replaceFirst("\\..*", "");
    Declared type =
        files(".*/" + outer + "\\.java")
            .findFirst()
            .map(SourceFile::read)
            .orElseThrow(() -> new MeshException("no source file of " + enumName));
    String inner = enumName.substring(enumName.lastIndexOf('.') + 1);
    return type.nested(inner).orElse(type).members(Form.ENUM_CONSTANT);
  }

  private Stream<Path> files(String pattern) {
    try (Stream<Path> all = Files.walk(sources)) {
      return all
          .filter(file -> file.toString().replace('\\', '/').matches(pattern))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
