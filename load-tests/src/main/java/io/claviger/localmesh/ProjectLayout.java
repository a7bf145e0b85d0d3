package io.claviger.localmesh;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/**
 * The places of the built programs.
 *
 * @param top of the project
 */
public record ProjectLayout(Path top) {

  /** The project whose build contains this class. */
  public static ProjectLayout find() {
    CodeSource source = ProjectLayout.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalStateException("this class was not loaded from a file");
    }
    try {
      Path here = Path.of(source.getLocation().toURI()).toAbsolutePath();
      for (Path folder = here; folder != null; folder = folder.getParent()) {
        if (Files.isRegularFile(folder.resolve("broker/pom.xml"))
            && Files.isRegularFile(folder.resolve("node-edge/pom.xml"))) {
          return new ProjectLayout(folder);
        }
      }
      throw new IllegalStateException("not in the project's build: " + here);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("not a file: " + source.getLocation(), e);
    }
  }

  /** A program's folder after the build: its jar, {@code lib/}, {@code jvm.options}. */
  public Path built(String module) {
    return top.resolve(module).resolve("target");
  }

  /** The jar of a program after the build. */
  public Path jar(String module) {
    return built(module).resolve(module + ".jar");
  }
}
