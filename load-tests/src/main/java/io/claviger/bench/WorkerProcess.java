package io.claviger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.localmesh.MeshException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program of this class path in a process of its own. So it does not wait for the measuring
 * process, and its processor time is known. Commands and answers are lines. It ends with its input,
 * and so with its parent process. If it ends by itself, callers get the reason; if it does not
 * answer in time, it is killed.
 */
final class WorkerProcess implements AutoCloseable {

  private static final String READY = "ready";
  private static final int LAST_LINES = 20;
  private static final int ENDING_SECONDS = 5;

  /** Enough for a busy machine. */
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);

  private final String name;
  private final Process process;

  /** Lines of output; an empty element marks the end. */
  private final BlockingQueue<Optional<String>> said = new LinkedBlockingQueue<>();

  private final Deque<String> complaints = new ArrayDeque<>();
  private final Thread complaintsReader;

  private WorkerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread.ofPlatform().name("worker-lines").daemon().start(this::readLines);
    this.complaintsReader =
        Thread.ofPlatform().name("worker-complaints").daemon().start(this::readComplaints);
  }

  /**
   * Starts a program and waits until it is ready.
   *
   * @param name of the process in error messages
   * @param program with a main method that prints the line {@code ready}
   * @param options of its JVM
   * @param arguments of the program
   * @throws MeshException when it does not become ready in time; then no process is left
   */
  static WorkerProcess start(
      String name, Class<?> program, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            // Log lines must not appear between the answers.
            "-Dlogback.configurationFile=logback-launcher.xml",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName()));
    command.addAll(List.of(arguments));
    WorkerProcess worker;
    try {
      worker = new WorkerProcess(name, new ProcessBuilder(command).start());
    } catch (IOException e) {
      throw new MeshException("cannot start " + name + ": " + e.getMessage(), e);
    }
    try {
      String first = worker.next(READY_WITHIN);
      if (!first.equals(READY)) {
        throw new MeshException(name + " does not become ready: it printed " + first);
      }
      return worker;
    } catch (RuntimeException e) {
      worker.process.destroyForcibly();
      throw e;
    }
  }

  private void readLines() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(Optional.of(line));
      }
    } catch (IOException e) {
      // The process was ended during the read.
    } finally {
      said.add(Optional.empty());
    }
  }

  private void readComplaints() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (complaints) {
          if (complaints.size() == LAST_LINES) {
            complaints.removeFirst();
          }
          complaints.addLast(line);
        }
      }
    } catch (IOException e) {
      // The process was ended during the read.
    }
  }

  /**
   * Sends a line.
   *
   * @throws MeshException with the reason, if the process has ended
   */
  void ask(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(ISO_8859_1));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw ended();
    }
  }

  /**
   * Waits for the next line.
   *
   * @throws MeshException with the reason, if the process has ended; also if it prints nothing
   *     within the limit, after which it is killed
   */
  String next(Duration limit) {
    Optional<String> line;
    try {
      line = said.poll(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted while waiting for " + name, e);
    }
    if (line == null) {
      kill();
      throw failed(" has printed nothing for " + limit.toMillis() + " ms, and was killed");
    }
    if (line.isEmpty()) {
      // Every later call fails in the same way.
      said.add(line);
      throw ended();
    }
    return line.get();
  }

  private MeshException ended() {
    String code = "it still runs, but has closed its output";
    try {
      if (process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
        code = "exit code " + process.exitValue();
      }
      complaintsReader.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return failed(" has ended: " + code);
  }

  private MeshException failed(String how) {
    List<String> last;
    synchronized (complaints) {
      last = List.copyOf(complaints);
    }
    return new MeshException(
        name + how + (last.isEmpty() ? "" : "; its last lines:\n" + String.join("\n", last)));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills the process if it runs; does not wait. */
  void kill() {
    process.destroyForcibly();
  }

  /** Kills the process and waits for its end. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS);
  }
}
