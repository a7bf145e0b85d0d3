package io.claviger.launcher.kube;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshState.ProcessMark;
import io.claviger.localmesh.PrivateFiles;
import io.claviger.schemas.SchemaJson;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code kubectl port-forward} to the brokers' API. Its process outlives this one and restarts
 * kubectl when a broker has gone. There is one for each directory.
 */
public final class PortForward {

  /** The listening address; a number, because a host name could resolve to another address. */
  static final String HOST = "127.0.0.1";

  private static final String SERVICE = "service/claviger-broker";
  private static final int API_PORT = 7445;
  private static final Duration STARTING = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  /**
   * The loop that restarts kubectl. It gives up after ten minutes of failures. It ignores a Ctrl-C
   * that is meant for other programs in the operator's shell. The log has the output of the last
   * try.
   */
  private static final String LOOP =
      """
      trap '' INT HUP
      log=$1 failed=0
      shift
      while [ $failed -lt 300 ]; do
        started=$(date +%s)
        "$@" >"$log" 2>&1
        if [ $(($(date +%s) - started)) -gt 10 ]; then failed=0; else failed=$((failed + 1)); fi
        sleep 2
      done
      """;

  private final Path lock;
  private final Path state;
  private final Path log;
  private final Optional<Path> kubectl;
  private final Duration starting;

  /** Keeps its state in this directory, which is private to its owner. */
  public PortForward(Path directory) {
    this(directory, kubectlOn(System.getenv().getOrDefault("PATH", "")), STARTING);
  }

  PortForward(Path directory, Optional<Path> kubectl, Duration starting) {
    this.kubectl = kubectl;
    this.starting = starting;
    this.lock = directory.resolve("forward.lock");
    this.state = directory.resolve("forward.json");
    this.log = directory.resolve("forward.log");
  }

  /**
   * A running port-forward.
   *
   * @param process the loop
   * @param port on loopback
   */
  record Running(ProcessMark process, KubeTarget target, int port) {}

  /** A running port-forward, and whether this call has started it. */
  private record Opened(Running forward, boolean started) {}

  /**
   * Starts the port-forward unless it runs already. Ends one to other brokers first. Returns when a
   * broker answers; if none does, ends what this call has started.
   *
   * @param authority certificates that have to verify the brokers' certificate, PEM
   * @return the address of the brokers' API for AWS's tools
   * @throws MeshException when kubectl cannot forward, or the certificate cannot be used
   */
  public URI open(KubeTarget target, String authority) {
    Opened opened = locked(() -> findOrStart(target));
    int port = opened.forward().port();
    try {
      awaitBroker(target, port, authority);
    } catch (MeshException e) {
      if (opened.started()) {
        boolean unused =
            locked(() -> running().filter(opened.forward()::equals).isPresent() && end());
      }
      throw e;
    }
    return URI.create("https://" + HOST + ":" + port);
  }

  private Opened findOrStart(KubeTarget target) {
    return running()
        .filter(running -> running.target().equals(target))
        .map(running -> new Opened(running, false))
        .orElseGet(() -> new Opened(start(target), true));
  }

  private Running start(KubeTarget target) {
    end();
    int port = freePort();
    Process process = launch(target, port);
    ProcessMark mark =
        ProcessMark.of("forward", process.toHandle())
            .orElseThrow(() -> new MeshException("the port-forward has ended: see " + log));
    Running running = new Running(mark, target, port);
    PrivateFiles.write(state, SchemaJson.write(running));
    return running;
  }

  /** Ends it; returns false when there is none. */
  public boolean stop() {
    return locked(this::end);
  }

  /** Admits one shell at a time, so that a second one finds what the first has started. */
  private <T> T locked(Supplier<T> work) {
    // A file lock belongs to the whole process, so threads need a lock of their own.
    synchronized (PortForward.class) {
      try (FileChannel channel = FileChannel.open(lock, CREATE, WRITE)) {
        // The lock lasts until the channel is closed.
        var unused = channel.lock();
        return work.get();
      } catch (IOException e) {
        throw new MeshException("cannot lock " + lock, e);
      }
    }
  }

  private boolean end() {
    Optional<ProcessHandle> loop = running().flatMap(running -> running.process().find());
    // End the loop first: it would start another kubectl.
    loop.stream()
        .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()).toList().stream())
        .forEach(ProcessHandle::destroy);
    try {
      Files.deleteIfExists(state);
    } catch (IOException e) {
      throw new MeshException("cannot delete " + state, e);
    }
    return loop.isPresent();
  }

  private Optional<Running> running() {
    try {
      return Files.exists(state)
          ? Optional.of(SchemaJson.read(Files.readString(state), Running.class))
              .filter(running -> running.process().find().isPresent())
          : Optional.empty();
    } catch (IOException | SchemaJson.MalformedRecordException e) {
      throw new MeshException("cannot read " + state + ": delete it", e);
    }
  }

  private Process launch(KubeTarget target, int port) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    command.addAll(List.of("/bin/sh", "-c", LOOP, "claviger-port-forward", log.toString()));
    command.add(
        kubectl
            .orElseThrow(
                () -> new MeshException("kubectl is not on the PATH: it forwards the port"))
            .toString());
    command.addAll(
        target.arguments("port-forward", "--address", HOST, SERVICE, port + ":" + API_PORT));
    try {
      Files.deleteIfExists(log);
      // Inherits no stream of this process: the shell waits until all holders have closed its pipe.
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("KUBECONFIG", target.kubeconfig());
      return builder.start();
    } catch (IOException e) {
      throw new MeshException("cannot start the port-forward: " + e.getMessage(), e);
    }
  }

  private void awaitBroker(KubeTarget target, int port, String authority) {
    long deadline = System.nanoTime() + starting.toNanos();
    while (true) {
      try {
        BrokerCertificate.check(HOST, port, authority);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw new MeshException(
              "no broker answers within %d s (%s); output of %s: %s"
                  .formatted(
                      starting.toSeconds(),
                      e.getMessage(),
                      target.typed("port-forward", SERVICE),
                      output().strip()),
              e);
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  private String output() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<Path> kubectlOn(String path) {
    return Stream.of(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory, "kubectl").toAbsolutePath())
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new MeshException("no port of loopback is free", e);
    }
  }
}
