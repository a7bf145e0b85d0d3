package io.claviger.localmesh;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process of the mesh: Kafka, a broker or an edge. It can be started, watched, disturbed and
 * stopped. Signals go to this process's id only. Thread-safe.
 */
public final class Member {

  private static final Duration POLL = Duration.ofMillis(50);
  private static final int SHOWN_LINES = 25;

  private final MemberProgram program;
  private final MemberLog log;
  private final Consumer<Member> died;
  private @Nullable Process process;
  private boolean paused;
  private boolean wanted;

  /**
   * A process that is not started yet.
   *
   * @param program how to start it
   * @param died called when the process ends unexpectedly
   */
  Member(MemberProgram program, Consumer<Member> died) {
    this.program = program;
    this.log = new MemberLog(program.log());
    this.died = died;
  }

  /** The process's name in the mesh. */
  public String name() {
    return program.name();
  }

  /** The file with the process's output. */
  public Path logFile() {
    return program.log();
  }

  /** The last lines of output since the last start. */
  public String logTail() {
    return log.tail(SHOWN_LINES);
  }

  /** All output since the last start. */
  public String output() {
    return log.sinceMark();
  }

  /** Its process id. */
  public synchronized long pid() {
    return running().pid();
  }

  /** Identifies the process even if its id is reused. */
  synchronized Optional<MeshState.ProcessMark> mark() {
    return isAlive() ? MeshState.ProcessMark.of(name(), running().toHandle()) : Optional.empty();
  }

  /** Whether the process exists, paused or not. */
  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Starts the process without waiting until it is ready. */
  public void start() {
    start(Map.of());
  }

  /** Starts the process with additional environment variables, for this start only. */
  public synchronized void start(Map<String, String> more) {
    if (isAlive()) {
      throw new MeshException(name() + " is already running");
    }
    log.mark();
    ProcessBuilder builder =
        new ProcessBuilder(program.command())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(program.log().toFile()));
    builder.environment().clear();
    builder.environment().putAll(program.environment());
    builder.environment().putAll(more);
    try {
      Process started = builder.start();
      process = started;
      paused = false;
      wanted = true;
      var unused = started.onExit().thenAccept(this::ended);
    } catch (IOException e) {
      throw new MeshException("cannot start " + name() + ": " + e.getMessage(), e);
    }
  }

  private void ended(Process which) {
    boolean unexpected;
    synchronized (this) {
      unexpected = wanted && which.equals(process);
    }
    if (unexpected) {
      died.accept(this);
    }
  }

  /**
   * Waits until the process is ready; a slow machine gets the time that it needs.
   *
   * @param limit how long the process may make no progress
   * @throws MeshException when the process ends or is stuck, with its name, what is missing, and
   *     its last lines
   */
  public void awaitReady(Duration limit) {
    StallDetector stall = new StallDetector(limit, this::processorTime, System::nanoTime);
    try {
      while (true) {
        if (!isAlive()) {
          throw new MeshException(name() + " ended with " + exitCode() + lastLines());
        }
        Optional<String> missing = program.ready().missing(log.sinceMark());
        if (missing.isEmpty()) {
          return;
        }
        if (stall.isStalled()) {
          throw new MeshException(
              name()
                  + " is stuck, and not ready after "
                  + stall.elapsed().toSeconds()
                  + " s: "
                  + missing.get()
                  + lastLines());
        }
        TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted while waiting for " + name(), e);
    }
  }

  /** The processor time of this process and of its children so far. */
  synchronized Duration processorTime() {
    if (!isAlive()) {
      return Duration.ZERO;
    }
    ProcessHandle handle = running().toHandle();
    return Stream.concat(Stream.of(handle), handle.descendants())
        .flatMap(one -> one.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  private synchronized String exitCode() {
    return process == null ? "nothing: it was never started" : "code " + process.exitValue();
  }

  private String lastLines() {
    return "; the last lines of " + logFile() + ":\n" + logTail();
  }

  /** SIGKILL: ends the process at once and closes nothing in order. Waits until it is gone. */
  public void kill() {
    Process killed;
    synchronized (this) {
      killed = running();
      wanted = false;
      killed.destroyForcibly();
    }
    await(killed, Duration.ofSeconds(10));
  }

  /** SIGSTOP: the process hangs, its connections stay open. */
  public synchronized void pause() {
    Signals.send("STOP", running().pid());
    paused = true;
  }

  /** SIGCONT: the process continues. */
  public synchronized void resume() {
    Signals.send("CONT", running().pid());
    paused = false;
  }

  /** Makes every write of the process to a file fail, as on a full disk. */
  public synchronized void fillDisk() {
    Signals.failWrites(running().pid());
  }

  /** Whether this machine supports {@link #fillDisk()}. */
  public static boolean canFillDisk() {
    return Signals.canFailWrites();
  }

  /** SIGTERM: asks the process to end in order; does not wait. */
  public synchronized void terminate() {
    if (isAlive()) {
      wanted = false;
      running().destroy();
    }
  }

  /**
   * SIGTERM, then waits until the process has ended; a slow machine gets the time that it needs.
   *
   * @param limit how long the process may make no progress
   * @throws MeshException when the process is stuck, with its name and its last lines; the process
   *     keeps running
   */
  void end(Duration limit) {
    terminate();
    StallDetector stall = new StallDetector(limit, this::processorTime, System::nanoTime);
    Process ending = process;
    while (ending != null && !await(ending, POLL)) {
      if (stall.isStalled()) {
        throw new MeshException(
            name()
                + " is stuck, and has not ended after "
                + stall.elapsed().toSeconds()
                + " s"
                + lastLines());
      }
    }
  }

  /**
   * SIGTERM, then SIGKILL if the process is paused or has not ended in time. Returns when it is
   * gone.
   */
  public void stop(Duration timeout) {
    Process stopped;
    boolean hangs;
    synchronized (this) {
      if (!isAlive()) {
        return;
      }
      stopped = running();
      hangs = paused;
    }
    terminate();
    if (hangs || !await(stopped, timeout)) {
      stopped.destroyForcibly();
      await(stopped, Duration.ofSeconds(10));
    }
  }

  /** Stops the process in order, starts it again, and waits until it is ready. */
  public void restart(Duration timeout) {
    stop(timeout);
    start();
    awaitReady(timeout);
  }

  private static boolean await(Process ending, Duration timeout) {
    boolean interrupted = false;
    try {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (true) {
        try {
          return ending.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized Process running() {
    if (process == null || !process.isAlive()) {
      throw new MeshException(name() + " is not running");
    }
    return process;
  }
}
