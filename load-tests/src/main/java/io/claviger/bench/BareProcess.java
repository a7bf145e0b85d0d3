package io.claviger.bench;

import io.claviger.localmesh.MeshException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The {@link BareServer} in a process of its own, from start to end. */
final class BareProcess implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String HOST = "127.0.0.1";

  private final Process process;
  private final Path body;
  private final int port;

  private BareProcess(Process process, Path body, int port) {
    this.process = process;
    this.body = body;
    this.port = port;
  }

  static BareProcess start(Path jvmOptions, byte[] answer) throws InterruptedException {
    try {
      Path body = Files.createTempFile("bare", ".json");
      Files.write(body, answer);
      int port = freePort();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "@" + jvmOptions,
                  "-cp",
                  System.getProperty("java.class.path"),
                  BareServer.class.getName(),
                  "" + port,
                  body.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      BareProcess bare = new BareProcess(process, body, port);
      bare.awaitListening();
      return bare;
    } catch (IOException e) {
      throw new MeshException("the bare server cannot be started: " + e.getMessage(), e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() throws InterruptedException {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new MeshException("the bare server does not listen");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(HOST, port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  URI address() {
    return URI.create("http://" + HOST + ":" + port + "/v1/credentials");
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Files.deleteIfExists(body);
    } catch (IOException e) {
      // A temporary file of a public test body.
    }
  }
}
