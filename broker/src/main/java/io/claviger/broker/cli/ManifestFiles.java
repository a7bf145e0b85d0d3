package io.claviger.broker.cli;

import io.claviger.broker.cli.manifest.AssociationManifest;
import io.claviger.broker.cli.manifest.AssociationManifest.InvalidManifestException;
import io.claviger.schemas.association.AssociationSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads manifests from where an operator says they are. */
public final class ManifestFiles {

  private static final String STANDARD_INPUT = "-";

  private ManifestFiles() {}

  /**
   * Reads a file, {@code -} for the stream that is given, or the {@code .yaml} and {@code .yml}
   * files of a directory, by their names.
   *
   * @throws InvalidManifestException naming the file, the document and what is wrong
   */
  public static List<AssociationSpec> read(String where, InputStream standardInput) {
    try {
      if (where.equals(STANDARD_INPUT)) {
        return parse(
            "standard input", new String(standardInput.readAllBytes(), StandardCharsets.UTF_8));
      }
      Path path = Path.of(where);
      return Files.isDirectory(path) ? readDirectory(path) : parse(where, Files.readString(path));
    } catch (IOException e) {
      throw new InvalidManifestException(
          where + ": cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static List<AssociationSpec> readDirectory(Path directory) throws IOException {
    Map<String, Path> seen = new LinkedHashMap<>();
    List<AssociationSpec> all = new ArrayList<>();
    for (Path file : manifests(directory)) {
      for (AssociationSpec spec : parse(file.toString(), Files.readString(file))) {
        String name = spec.namespace() + "/" + spec.serviceAccount();
        Path earlier = seen.putIfAbsent(name, file);
        if (earlier != null) {
          throw new InvalidManifestException(
              file + ": " + earlier.getFileName() + " is about " + name + " already");
        }
        all.add(spec);
      }
    }
    if (all.isEmpty()) {
      throw new InvalidManifestException(directory + ": there are no .yaml or .yml files");
    }
    return all;
  }

  private static List<Path> manifests(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private static List<AssociationSpec> parse(String where, String yaml) {
    try {
      return AssociationManifest.parse(yaml);
    } catch (InvalidManifestException e) {
      throw new InvalidManifestException(where + ": " + e.getMessage());
    }
  }
}
