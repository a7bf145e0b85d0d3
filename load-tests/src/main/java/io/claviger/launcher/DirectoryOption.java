package io.claviger.launcher;

import io.claviger.localmesh.MeshDirectory;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshState;
import io.claviger.localmesh.ProjectLayout;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The directory of the mesh that a command works on. */
final class DirectoryOption {

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "The mesh's directory. Default: .claviger at the top of the project.")
  private @Nullable Path directory;

  MeshDirectory get() {
    return directory == null ? usual() : new MeshDirectory(directory.toAbsolutePath().normalize());
  }

  private static MeshDirectory usual() {
    return new MeshDirectory(ProjectLayout.find().top().resolve(".claviger").normalize());
  }

  /** The command line with which a person runs another launcher command on the same mesh. */
  String command(String name) {
    MeshDirectory where = get();
    return "./claviger "
        + name
        + (where.equals(usual()) ? "" : " --directory " + ShellLines.word(where.root().toString()));
  }

  /**
   * The state of the running mesh.
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
                    "no mesh runs in " + where.root() + ": start one with " + command("up")));
  }
}
