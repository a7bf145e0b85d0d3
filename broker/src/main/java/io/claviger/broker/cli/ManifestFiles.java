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

/** Reads manifests from a file, a directory or standard input. */
public final class ManifestFiles {

  private static final String STANDARD_INPUT = "-";

  private ManifestFiles() {}

  /**
   * Reads a file, or the {@code .yaml} and {@code .yml} files of a directory in the order of their
   * names. If the path is {@code -}, reads the given stream.
   *
   * @throws InvalidManifestException whose message names the file, the document and the problem
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
              file + ": " + earlier.getFileName() + " already declares " + name);
        }
        all.add(spec);
      }
    }
    if (all.isEmpty()) {
      throw new InvalidManifestException(directory + ": no .yaml or .yml files");
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
