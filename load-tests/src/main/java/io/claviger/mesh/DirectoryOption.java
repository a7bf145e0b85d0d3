package io.claviger.mesh;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which mesh a command is about. */
final class DirectoryOption {

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "Where the mesh's files are. Default: .claviger at the top of the project.")
  private @Nullable Path directory;

  MeshDirectory get() {
    Path chosen = directory == null ? ProjectLayout.find().top().resolve(".claviger") : directory;
    return new MeshDirectory(chosen.toAbsolutePath().normalize());
  }

  /**
   * What the running mesh tells.
   *
   * @throws MeshException when none runs
   */
  MeshState running() {
    MeshDirectory where = get();
    return MeshState.read(where)
        .filter(MeshState::running)
        .orElseThrow(
            () ->
                new MeshException(
                    "no mesh runs in " + where.root() + ": start one with ./claviger up"));
  }
}
