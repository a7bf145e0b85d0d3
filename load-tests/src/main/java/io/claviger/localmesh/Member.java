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
 * A program of the mesh, in a process of its own: started, watched, hurt and stopped. Signals are
 * the system's own, sent to this process's id only. Thread-safe.
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
   * A member that is not started.
   *
   * @param program how it is started
   * @param died told when it ends although nobody has asked for it
   */
  Member(MemberProgram program, Consumer<Member> died) {
    this.program = program;
    this.log = new MemberLog(program.log());
    this.died = died;
  }

  /** Its name in the mesh. */
  public String name() {
    return program.name();
  }

  /** What it says. */
  public Path logFile() {
    return program.log();
  }

  /** The last lines of what it has said since its last start. */
  public String logTail() {
    return log.tail(SHOWN_LINES);
  }

  /** Everything that it has said since its last start. */
  public String output() {
    return log.sinceMark();
  }

  /** Its process id. */
  public synchronized long pid() {
    return running().pid();
  }

  /** Its process, such that another one of the same id is not mistaken for it. */
  synchronized Optional<MeshState.ProcessMark> mark() {
    return isAlive() ? MeshState.ProcessMark.of(name(), running().toHandle()) : Optional.empty();
  }

  /** Whether its process is there, paused or not. */
  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Starts it; does not wait until it is ready. */
  public void start() {
    start(Map.of());
  }

  /** The same with more in its environment, this time. */
  public synchronized void start(Map<String, String> more) {
    if (isAlive()) {
      throw new MeshException(name() + " runs already");
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
   * Waits until it is ready, on a slow machine as long as that takes.
   *
   * @param limit how long it may do nothing
   * @throws MeshException naming it, what is missing and its last lines, when it ends or is stuck
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

  /** What it and the processes that it has started have taken of processors so far. */
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

  /** SIGKILL: ends at once, nothing is said goodbye to. Waits until it is gone. */
  public void kill() {
    Process killed;
    synchronized (this) {
      killed = running();
      wanted = false;
      killed.destroyForcibly();
    }
    await(killed, Duration.ofSeconds(10));
  }

  /** SIGSTOP: it hangs, its connections stay. */
  public synchronized void pause() {
    Signals.send("STOP", running().pid());
    paused = true;
  }

  /** SIGCONT: it goes on where it was. */
  public synchronized void resume() {
    Signals.send("CONT", running().pid());
    paused = false;
  }

  /** It can write to no file any more, as where the disk is full. */
  public synchronized void fillDisk() {
    Signals.failWrites(running().pid());
  }

  /** Whether this machine can do {@link #fillDisk()}. */
  public static boolean canFillDisk() {
    return Signals.canFailWrites();
  }

  /** SIGTERM: asks it to end in order; does not wait. */
  public synchronized void terminate() {
    if (isAlive()) {
      wanted = false;
      running().destroy();
    }
  }

  /**
   * SIGTERM, and waits until it has ended, on a slow machine as long as that takes.
   *
   * @param limit how long it may do nothing
   * @throws MeshException naming it and its last lines when it is stuck; it runs on
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

  /** SIGTERM, and SIGKILL when it has not ended in time or is paused. Gone when this returns. */
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

  /** Stops it in order, starts it again, and waits until it is ready. */
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
      throw new MeshException(name() + " does not run");
    }
    return process;
  }
}
