package io.claviger.bench;

import io.claviger.localmesh.MeshException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends requests from a process of its own. So the measuring process does not delay requests, and
 * the generator's processor time is known. It is warm once started, and runs one plan at a time.
 */
public final class LoadGenerator implements AutoCloseable {

  private static final String END = "end ";
  private static final List<String> JVM = List.of("-Xmx512m", "-XX:+UseSerialGC");

  /** A request ends after ten seconds at most; the rest is for a slow machine. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private final WorkerProcess worker;
  private volatile CompletableFuture<LoadRun> run = CompletableFuture.failedFuture(unused());

  private LoadGenerator(WorkerProcess worker) {
    this.worker = worker;
  }

  private static MeshException unused() {
    return new MeshException("the load generator has sent nothing");
  }

  /**
   * The result of a request.
   *
   * @param number of the request; the plan's lines are used in turn
   * @param status of HTTP, {@link LoadConnection#BROKEN} or {@link LoadConnection#SILENT}
   * @param micros from when it was due until its answer
   * @param at when it was answered
   * @param accessKeyId empty where no credentials were served
   */
  public record Line(long number, int status, long micros, Instant at, String accessKeyId) {

    static Line parse(String text) {
      String[] fields = text.split(" ", -1);
      return new Line(
          Long.parseLong(fields[0]),
          Integer.parseInt(fields[1]),
          Long.parseLong(fields[2]),
          Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(fields[3]))),
          fields[4]);
    }

    /** When it was due. */
    public Instant due() {
      return at.minusNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    }
  }

  /**
   * Starts the process and waits until it is warm.
   *
   * @throws MeshException when that fails; then no process is left
   */
  public static LoadGenerator start() {
    return new LoadGenerator(
        WorkerProcess.start("the load generator", GeneratorProgram.class, JVM));
  }

  /**
   * Starts to send requests.
   *
   * @param plan file with a line for each request (port, token), used in turn
   * @param each receives every ended request, one at a time
   */
  public void begin(Path plan, LoadShape shape, Consumer<Line> each) {
    begin(plan, shape, true, each);
  }

  /** Starts to send requests; {@link #await()} returns the results. */
  void begin(Path plan, LoadShape shape) {
    begin(plan, shape, false, line -> {});
  }

  private void begin(Path plan, LoadShape shape, boolean prints, Consumer<Line> each) {
    CompletableFuture<LoadRun> running = new CompletableFuture<>();
    run = running;
    Duration limit = prints ? SILENCE : shape.length().plus(SILENCE);
    Thread.ofPlatform().name("load-answers").daemon().start(() -> read(limit, each, running));
    worker.ask(shape.written() + " " + prints + " " + plan);
  }

  private void read(Duration limit, Consumer<Line> each, CompletableFuture<LoadRun> running) {
    try {
      String line = worker.next(limit);
      for (; !line.startsWith(END); line = worker.next(limit)) {
        each.accept(Line.parse(line));
      }
      running.complete(LoadRun.parse(line));
    } catch (RuntimeException e) {
      // The process has ended, or printed an incomplete line. Kill it: its output is not read any
      // more, so it could block.
      worker.kill();
      running.completeExceptionally(e);
    }
  }

  /**
   * Waits until all requests have ended.
   *
   * @throws MeshException when the process fails
   */
  public LoadRun await() throws InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new MeshException("the load generator failed: " + e.getCause(), e);
    }
  }

  /** Whether it is sending requests or waiting for answers. */
  public boolean isRunning() {
    return worker.isAlive() && !run.isDone();
  }

  /** Sends a plan's requests and waits until all have ended. */
  public LoadRun run(Path plan, LoadShape shape) throws InterruptedException {
    begin(plan, shape);
    return await();
  }

  /** Stops sending; requests without an answer are not counted. */
  @Override
  public void close() throws InterruptedException {
    worker.close();
    run.handle((result, failure) -> true).join();
  }
}
