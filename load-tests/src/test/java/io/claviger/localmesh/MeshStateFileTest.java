package io.claviger.localmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.config.lifecycle.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeshStateFileTest {

  @TempDir private Path root;

  private MeshDirectory directory() {
    return new MeshDirectory(root.resolve("mesh"));
  }

  @Test
  void onlyOneMeshRunsInADirectory() {
    MeshStateFile first = stateFile();

    assertThatThrownBy(() -> MeshStateFile.claim(directory()))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("a mesh runs in")
        .hasMessageContaining("--directory");

    first.close();
    MeshStateFile.claim(directory());
  }

  @Test
  void membersThatAKilledLauncherLeftAreEnded() throws IOException {
    Process left = new ProcessBuilder("sleep", "60").start();
    MeshDirectory directory = MeshStateFile.claim(directory());
    new MeshState(
            // No process with this id started at that time, so the launcher has ended.
            new MeshState.ProcessMark("launcher", ProcessHandle.current().pid(), Instant.EPOCH),
            List.of(MeshState.ProcessMark.of("broker-1", left.toHandle()).orElseThrow()),
            ClusterFacts.LOCAL,
            "127.0.0.1:9092",
            null,
            null,
            null,
            new MeshState.AdminKey("id", "secret"),
            null,
            null)
        .write(directory);

    MeshStateFile.claim(directory());

    assertThat(left.onExit()).succeedsWithin(Duration.ofSeconds(10));
    assertThat(directory.state()).doesNotExist();
  }

  @Test
  void aDirectoryIsItsOwnersAndWithoutTheLastMeshsFiles() throws IOException {
    MeshDirectory directory = MeshStateFile.claim(directory());
    Files.writeString(directory.log("broker-1"), "old");
    Path others = Files.writeString(directory.root().resolve("others.txt"), "kept");

    MeshStateFile.claim(directory());

    assertThat(directory.log("broker-1")).doesNotExist();
    assertThat(others).exists();
    assertThat(Files.getPosixFilePermissions(directory.root())).hasSize(3);
  }

  private MeshStateFile stateFile() {
    MeshStateFile stateFile =
        new MeshStateFile(
            MeshStateFile.claim(directory()),
            ClusterFacts.LOCAL,
            new HostPort("127.0.0.1", 9092),
            null);
    stateFile.write(List.of());
    return stateFile;
  }
}
