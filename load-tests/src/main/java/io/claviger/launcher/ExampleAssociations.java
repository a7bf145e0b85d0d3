package io.claviger.launcher;

import io.claviger.localmesh.ClusterFacts;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The associations that a mesh starts with by default. */
final class ExampleAssociations {

  private static final String RESOURCE = "/example-associations.yaml";

  private ExampleAssociations() {}

  /** Writes them to the mesh's directory, with the mesh's account. */
  static Path write(LocalMesh mesh) {
    Path file = mesh.options().directory().resolve("example-associations.yaml");
    try (InputStream example = ExampleAssociations.class.getResourceAsStream(RESOURCE)) {
      if (example == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      String text = new String(example.readAllBytes(), StandardCharsets.UTF_8);
      return PrivateFiles.write(
          file, text.replace(ClusterFacts.LOCAL.account(), mesh.options().cluster().account()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }
}
