package io.claviger.mesh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The associations that a mesh starts with unless it is given others. */
final class ExampleSeeds {

  private static final String RESOURCE = "/seed-associations.yaml";

  private ExampleSeeds() {}

  /** Writes them, with the mesh's account, where its files are. */
  static Path write(LocalMesh mesh) {
    Path file = mesh.options().directory().resolve("seed-associations.yaml");
    try (InputStream seeds = ExampleSeeds.class.getResourceAsStream(RESOURCE)) {
      if (seeds == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      String text = new String(seeds.readAllBytes(), StandardCharsets.UTF_8);
      return PrivateFiles.write(
          file, text.replace(ClusterFacts.LOCAL.account(), mesh.options().cluster().account()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }
}
