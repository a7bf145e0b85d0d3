package io.claviger.bench;

import io.claviger.localmesh.FreePorts;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.Polling;
import io.claviger.localmesh.PrivateFiles;
import io.claviger.localmesh.ProjectLayout;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A server to which an edge is compared, in a process of its own. */
final class ServerProcess implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration COMPILE_TIMEOUT = Duration.ofMinutes(3);
  private static final String HOST = "127.0.0.1";

  private final Process process;
  private final int port;

  private ServerProcess(List<String> command, int port) throws InterruptedException {
    try {
      this.port = port;
      this.process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new MeshException("cannot start " + command.getFirst() + ": " + e.getMessage(), e);
    }
    try {
      awaitListening();
    } catch (InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /**
   * The {@link BareServer}, with the edge's own JVM options.
   *
   * @param body of its answers
   */
  static ServerProcess bare(Path body) throws InterruptedException {
    int port = new FreePorts(new Random()).next();
    return new ServerProcess(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + ProjectLayout.find().built("node-edge").resolve("jvm.options"),
            "-cp",
            System.getProperty("java.class.path"),
            BareServer.class.getName(),
            "" + port,
            body.toString()),
        port);
  }

  /**
   * Go's net/http with a look-up by token; absent where Go is not installed.
   *
   * @param directory for the compiled program and its token
   * @param body of its answers
   */
  static Optional<ServerProcess> go(Path directory, String token, Path body)
      throws InterruptedException {
    Optional<Path> go =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "go"))
            .filter(Files::isExecutable)
            .findFirst();
    if (go.isEmpty()) {
      return Optional.empty();
    }
    Path program = directory.resolve("hit-server");
    compile(go.get(), program);
    Path tokenFile = PrivateFiles.write(directory.resolve("hit-server.token"), token);
    int port = new FreePorts(new Random()).next();
    return Optional.of(
        new ServerProcess(
            List.of(program.toString(), HOST + ":" + port, tokenFile.toString(), body.toString()),
            port));
  }

  private static void compile(Path go, Path program) throws InterruptedException {
    Path said = program.resolveSibling("hit-server.log");
    try {
      Process build =
          new ProcessBuilder(
                  go.toString(),
                  "build",
                  "-o",
                  program.toString(),
                  ProjectLayout.find()
                      .top()
                      .resolve("load-tests/src/main/go/hit-server.go")
                      .toString())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!ended(build)) {
        throw new MeshException(
            "go build has not ended after " + COMPILE_TIMEOUT.toSeconds() + " s: it was killed");
      }
      if (build.exitValue() != 0) {
        throw new MeshException("go build failed:\n" + Files.readString(said));
      }
    } catch (IOException e) {
      throw new MeshException("cannot run go: " + e.getMessage(), e);
    }
  }

  /** Whether it has ended in time. Otherwise kills it and its children. */
  private static boolean ended(Process build) throws InterruptedException {
    try {
      return build.waitFor(COMPILE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } finally {
      build.descendants().forEach(ProcessHandle::destroyForcibly);
      build.destroyForcibly();
    }
  }

  private void awaitListening() throws InterruptedException {
    boolean over = Polling.within(TIMEOUT).until(() -> listens() || !process.isAlive());
    if (!over || !process.isAlive()) {
      throw new MeshException("the server for the comparison does not listen");
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
