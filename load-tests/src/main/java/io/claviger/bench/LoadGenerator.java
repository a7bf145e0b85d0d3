package io.claviger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.localmesh.MeshException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends requests from a process of its own, so that it does not wait for who measures, and what it
 * takes of processors is known. Warm when it is started; one plan at a time.
 */
public final class LoadGenerator implements AutoCloseable {

  private static final String READY = "ready";
  private static final String END = "end ";

  private final Process process;
  private final BufferedReader said;
  private volatile CompletableFuture<LoadRun> run = CompletableFuture.failedFuture(unused());

  private LoadGenerator(Process process) {
    this.process = process;
    this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1));
  }

  private static MeshException unused() {
    return new MeshException("the load generator has sent nothing");
  }

  /**
   * What came of a request.
   *
   * @param number of the request: the plan's lines in turn
   * @param status of HTTP, {@link LoadConnection#BROKEN} or {@link LoadConnection#SILENT}
   * @param micros from when it was due until it was answered
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

  /** Starts its process and waits until that is warm. */
  public static LoadGenerator start() {
    try {
      LoadGenerator generator =
          new LoadGenerator(
              new ProcessBuilder(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xmx512m",
                      "-XX:+UseSerialGC",
                      // What is logged must not stand between the answers.
                      "-Dlogback.configurationFile=logback-launcher.xml",
                      "-cp",
                      System.getProperty("java.class.path"),
                      GeneratorProgram.class.getName())
                  .redirectError(ProcessBuilder.Redirect.DISCARD)
                  .start());
      generator.awaitReady();
      return generator;
    } catch (IOException e) {
      throw new MeshException("the load generator cannot be started: " + e.getMessage(), e);
    }
  }

  private void awaitReady() throws IOException {
    if (!READY.equals(said.readLine())) {
      process.destroyForcibly();
      throw new MeshException("the load generator does not become ready");
    }
  }

  /**
   * Begins to send requests.
   *
   * @param plan file with a line for each request (port, token), used in turn
   * @param each told of every request that has ended, one at a time
   */
  public void begin(Path plan, LoadShape shape, Consumer<Line> each) {
    begin(plan, shape, true, each);
  }

  /** Begins to send requests; what came of all is known at the end. */
  void begin(Path plan, LoadShape shape) {
    begin(plan, shape, false, line -> {});
  }

  private void begin(Path plan, LoadShape shape, boolean prints, Consumer<Line> each) {
    CompletableFuture<LoadRun> running = new CompletableFuture<>();
    run = running;
    Thread.ofPlatform().name("load-answers").daemon().start(() -> read(each, running));
    try {
      process
          .getOutputStream()
          .write((shape.written() + " " + prints + " " + plan + "\n").getBytes(ISO_8859_1));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new MeshException("the load generator has ended", e);
    }
  }

  private void read(Consumer<Line> each, CompletableFuture<LoadRun> running) {
    try {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.startsWith(END)) {
          running.complete(LoadRun.parse(line));
          return;
        }
        each.accept(Line.parse(line));
      }
      running.completeExceptionally(new MeshException("the load generator has ended"));
    } catch (IOException | RuntimeException e) {
      // Closed while it was read, or with half a line. Nobody reads on: it must not wait for that.
      process.destroyForcibly();
      running.completeExceptionally(e);
    }
  }

  /**
   * Waits until all requests have ended.
   *
   * @throws MeshException when its process fails
   */
  public LoadRun await() throws InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new MeshException("the load generator failed: " + e.getCause(), e);
    }
  }

  /** Whether it is sending, or waits for answers. */
  public boolean isRunning() {
    return process.isAlive() && !run.isDone();
  }

  /** Sends a plan's requests and waits until all have ended. */
  LoadRun run(Path plan, LoadShape shape) throws InterruptedException {
    begin(plan, shape);
    return await();
  }

  /** Sends no more; what has not been answered yet is not counted. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    run.handle((result, failure) -> true).join();
  }
}
