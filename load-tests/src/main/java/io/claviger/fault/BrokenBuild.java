package io.claviger.fault;

import io.claviger.checker.Violation;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.ProjectLayout;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Brokers and edges with a deliberate error, which the check of answers must detect. They are
 * compiled from the current source with some code replaced. If that code has changed, the build
 * fails.
 *
 * @param name the error
 * @param fault the fault that reveals it
 * @param seenAs the violation that its answers are
 * @param edits the changes of the source
 */
public record BrokenBuild(String name, String fault, Violation.Kind seenAs, List<Edit> edits) {

  /**
   * A change of a class's source.
   *
   * @param module the class's module
   * @param type the class
   * @param right the correct code, which occurs once
   * @param wrong the code that replaces it
   */
  public record Edit(String module, String type, String right, String wrong) {}

  private static final List<String> PROGRAMS = List.of("broker", "node-edge");

  /**
   * The maximum number of meshes. An error shows only if an answer is in flight during a change. In
   * one mesh of four no edge prefers the broker with the fault, which depends on the ports.
   */
  private static final int ROUNDS = 5;

  private static final StandardCopyOption REPLACE = StandardCopyOption.REPLACE_EXISTING;

  private static final List<BrokenBuild> ALL =
      List.of(
          new BrokenBuild(
              "no position check",
              "broker-behind",
              Violation.Kind.OLD_ROLE,
              List.of(
                  new Edit(
                      "node-edge",
                      "io.claviger.edge.revocation.MinPositions",
                      "newest = later(newest, position);",
                      ""),
                  new Edit(
                      "node-edge",
                      "io.claviger.edge.revocation.MinPositions",
                      "return minPosition == null || position.isAtLeast(minPosition);",
                      "return true;"))),
          new BrokenBuild(
              "no revision in the key",
              "role-changes",
              Violation.Kind.OLD_ROLE,
              List.of(
                  new Edit(
                      "event-schemas",
                      "io.claviger.schemas.bus.SessionKey",
                      "association.id(), association.revision(), subject",
                      "association.id(), 1, subject"),
                  // With this check, the broker would serve no session, which is not a violation.
                  new Edit(
                      "broker",
                      "io.claviger.broker.issuance.SessionPlan",
                      " && now.revision() == key.revision()",
                      ""))),
          new BrokenBuild(
              "node binding off",
              "role-changes",
              Violation.Kind.ANOTHER_NODE,
              List.of(
                  new Edit(
                      "event-schemas",
                      "io.claviger.schemas.workload.WorkloadIdentity",
                      "return node != null\n        && (",
                      "return false && ("))));

  /** All builds. */
  public static List<BrokenBuild> all() {
    return ALL;
  }

  /**
   * Creates the build in a directory from which a mesh can start its programs.
   *
   * @param folder the directory, which is created
   * @throws MeshException if the replaced code has changed, or there is no compiler
   */
  public Path make(ProjectLayout project, Path folder) {
    try {
      Path classes = compile(project, Files.createDirectories(folder.resolve("classes")));
      for (String program : PROGRAMS) {
        copy(project, program, folder, classes);
      }
      return folder;
    } catch (IOException e) {
      throw new MeshException("cannot make the broken build '" + name + "': " + e.getMessage(), e);
    }
  }

  /**
   * The number of detected answers with this build's violation. If a mesh has none, another mesh is
   * started.
   *
   * @param options a mesh's options, with the programs of this build
   */
  public long seenIn(MeshOptions options, Consumer<String> progress) throws InterruptedException {
    Fault shown = Faults.named(fault).orElseThrow();
    long seen = 0;
    for (int round = 1; seen == 0 && round <= ROUNDS; round++) {
      try (Stage stage = Stage.start(options, progress)) {
        seen =
            FaultRun.of(stage, FaultRun.Size.SELF_TEST, shown, "self-test")
                .violations()
                .getOrDefault(seenAs, 0L);
      }
    }
    return seen;
  }

  private Path compile(ProjectLayout project, Path classes) throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Edit edit : edits) {
      String file = edit.module() + "/src/main/java/" + edit.type().replace('.', '/') + ".java";
      String source = sources.getOrDefault(file, Files.readString(project.top().resolve(file)));
      if (source.split(Pattern.quote(edit.right()), -1).length != 2) {
        throw new MeshException(
            edit.type() + " has changed: update the edits of the broken build '" + name + "'");
      }
      sources.put(file, source.replace(edit.right(), edit.wrong()));
    }
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = classes.resolveSibling("source").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, source.getValue()));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new MeshException("this Java has no compiler: use a JDK");
    }
    StringWriter said = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of("-proc:none", "-d", classes.toString(), "-cp", classPath(project)),
                null,
                compiler
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjectsFromPaths(files))
            .call();
    if (!compiled) {
      throw new MeshException("'" + name + "' does not compile: " + said);
    }
    return classes;
  }

  private static String classPath(ProjectLayout project) throws IOException {
    try (Stream<Path> libraries =
        Stream.concat(
            Files.list(project.built("broker").resolve("lib")),
            Files.list(project.built("node-edge").resolve("lib")))) {
      return Stream.concat(PROGRAMS.stream().map(project::jar), libraries)
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  /** Copies a program, and replaces the changed classes in its jars. */
  private void copy(ProjectLayout project, String program, Path folder, Path classes)
      throws IOException {
    ProjectLayout copy = new ProjectLayout(folder);
    Path libraries = Files.createDirectories(copy.built(program).resolve("lib"));
    Path options = project.jar(program).resolveSibling("jvm.options");
    Files.copy(options, copy.built(program).resolve("jvm.options"), REPLACE);
    // A copy, because Java looks for libraries beside a link's target.
    Files.copy(project.jar(program), copy.jar(program), REPLACE);
    patch(copy.jar(program), classes);
    try (Stream<Path> all = Files.list(project.built(program).resolve("lib"))) {
      for (Path library : all.toList()) {
        String file = library.getFileName().toString();
        Path there = libraries.resolve(file);
        Files.deleteIfExists(there);
        if (edits.stream().anyMatch(edit -> file.startsWith(edit.module() + "-"))) {
          Files.copy(library, there);
          patch(there, classes);
        } else {
          Files.createLink(there, library);
        }
      }
    }
  }

  /** Replaces those of the classes that the jar contains. */
  private static void patch(Path jar, Path classes) throws IOException {
    try (FileSystem inside = FileSystems.newFileSystem(jar);
        Stream<Path> compiled = Files.walk(classes)) {
      for (Path one : compiled.filter(Files::isRegularFile).toList()) {
        Path right = inside.getPath("/" + classes.relativize(one));
        if (Files.exists(right)) {
          Files.copy(one, right, REPLACE);
        }
      }
    }
  }
}
