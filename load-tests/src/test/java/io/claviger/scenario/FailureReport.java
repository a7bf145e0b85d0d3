package io.claviger.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.broker.adapter.kafka.EventReader;
import io.claviger.localmesh.MeshDirectory;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.MeshState;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prints what is needed to find the cause of a failed scenario: the last log lines of every member,
 * the last events, and the command that repeats the scenario alone. JUnit registers it for every
 * test of the module; tests without a mesh get the command only.
 */
public final class FailureReport implements TestExecutionExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(FailureReport.class);
  private static final Set<Path> MESHES = Collections.synchronizedSet(new LinkedHashSet<>());
  private static final int LOG_LINES = 25;
  private static final int EVENTS = 25;

  /** Includes the mesh in the report of a test that fails while its files exist. */
  public static MeshOptions watch(MeshOptions options) {
    MESHES.add(options.directory());
    return options;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    if (!(failure instanceof TestAbortedException)) {
      List<String> report = new ArrayList<>();
      concerned(List.copyOf(MESHES)).forEach(directory -> report.addAll(report(directory)));
      report.add("To repeat it alone: ./claviger test --only " + name(context));
      LOG.error("{} failed\n{}", context.getDisplayName(), String.join("\n", report));
    }
    throw failure;
  }

  private static String name(ExtensionContext context) {
    return context.getRequiredTestClass().getSimpleName()
        + "#"
        + context.getRequiredTestMethod().getName();
  }

  /** The meshes that run, and the newest one, which the test may have closed as it failed. */
  static List<MeshDirectory> concerned(List<Path> meshes) {
    return meshes.stream()
        .filter(mesh -> Files.isDirectory(mesh.resolve("logs")))
        .map(MeshDirectory::new)
        .filter(mesh -> mesh.root().equals(meshes.getLast()) || running(mesh).isPresent())
        .toList();
  }

  private static Optional<MeshState> running(MeshDirectory directory) {
    try {
      return MeshState.read(directory).filter(MeshState::running);
    } catch (MeshException e) {
      return Optional.empty();
    }
  }

  static List<String> report(MeshDirectory directory) {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> logs = Files.list(directory.root().resolve("logs"))) {
      for (Path log : logs.sorted().toList()) {
        lines.add("--- " + log.getFileName());
        lines.addAll(last(LOG_LINES, Files.readAllLines(log)));
      }
    } catch (IOException | UncheckedIOException e) {
      lines.add("The logs below " + directory.root() + " cannot be read: " + e.getMessage());
    }
    lines.add("--- events");
    lines.addAll(events(directory));
    return lines;
  }

  private static List<String> events(MeshDirectory directory) {
    List<String> events = new ArrayList<>();
    Optional<MeshState> state = running(directory);
    if (state.isEmpty()) {
      return List.of("The mesh has ended.");
    }
    try {
      EventReader.read(
          Map.of("bootstrap.servers", state.get().kafka()),
          Instant.EPOCH,
          false,
          event -> events.add(line(event)),
          () -> {});
    } catch (IOException | RuntimeException e) {
      events.add("Events cannot be read: " + e.getMessage());
    }
    return last(EVENTS, events);
  }

  private static String line(CloudEvent event) {
    String data = event.getData() == null ? "" : " " + new String(event.getData().toBytes(), UTF_8);
    return event.getTime() + " " + event.getType() + " " + event.getSource() + data;
  }

  private static List<String> last(int count, List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }
}
