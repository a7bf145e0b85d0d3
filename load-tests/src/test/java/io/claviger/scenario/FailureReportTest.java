package io.claviger.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.localmesh.MeshDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FailureReportTest {

  @TempDir private Path mesh;

  @Test
  void hasTheLastLinesOfEachMemberAndStatesThatTheMeshHasEnded() throws IOException {
    Path logs = Files.createDirectories(mesh.resolve("logs"));
    Files.writeString(logs.resolve("broker-1.log"), "a broker's line\n");
    Files.writeString(
        logs.resolve("node-1.log"),
        IntStream.rangeClosed(1, 100)
            .mapToObj(number -> "line " + number)
            .collect(Collectors.joining("\n")));

    assertThat(FailureReport.report(new MeshDirectory(mesh)))
        .containsSequence("--- broker-1.log", "a broker's line", "--- node-1.log", "line 76")
        .endsWith("line 100", "--- events", "The mesh has ended.");
  }

  @Test
  void isOfTheNewestMeshIfNoneRuns() throws IOException {
    Path older = mesh.resolve("older");
    Files.createDirectories(older.resolve("logs"));
    Path newer = mesh.resolve("newer");
    Files.createDirectories(newer.resolve("logs"));

    assertThat(FailureReport.concerned(List.of(older, newer)))
        .containsExactly(new MeshDirectory(newer));
  }

  @Test
  void namesTheDirectoryWhoseLogsCannotBeRead() {
    assertThat(FailureReport.report(new MeshDirectory(mesh.resolve("gone"))))
        .first()
        .asString()
        .startsWith("The logs below " + mesh.resolve("gone"));
  }
}
