package io.claviger.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.localmesh.MeshException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An {@link OpenLoop} in a process of its own, so that it does not wait for who measures. */
public final class LoadGenerator implements AutoCloseable {

  private static final int CPU_EVERY = 200;

  private final Process process;
  private final Thread reader;
  private volatile boolean closed;
  private volatile boolean failed;
  private volatile CpuUsage cpu = new CpuUsage(Map.of());

  private LoadGenerator(Process process, Consumer<Line> each) {
    this.process = process;
    this.reader = Thread.ofPlatform().name("load-answers").daemon().start(() -> read(each));
  }

  /**
   * What came of a request.
   *
   * @param number of the request: the plan's lines in turn
   * @param status of HTTP, {@link OpenLoop#BROKEN} or {@link OpenLoop#SILENT}
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

  /**
   * Begins to send requests.
   *
   * @param plan file with a line for each request (port, token), used in turn
   * @param rate requests a second
   * @param count how many
   * @param each told of every request that has ended, one at a time
   */
  public static LoadGenerator start(Path plan, int rate, long count, Consumer<Line> each) {
    try {
      return new LoadGenerator(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  // Compiling it well would take more of the cores than it gains.
                  "-XX:TieredStopAtLevel=1",
                  // What is logged must not stand between the answers.
                  "-Dlogback.configurationFile=logback-launcher.xml",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpenLoop.class.getName(),
                  plan.toString(),
                  "" + rate,
                  "" + count)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start(),
          each);
    } catch (IOException e) {
      throw new MeshException("the load generator cannot be started: " + e.getMessage(), e);
    }
  }

  private void read(Consumer<Line> each) {
    long lines = 0;
    try (BufferedReader answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        each.accept(Line.parse(line));
        if (lines++ % CPU_EVERY == 0 && process.isAlive()) {
          cpu = CpuUsage.of(process.pid());
        }
      }
    } catch (IOException | RuntimeException e) {
      // Closed while it was read, or with half a line.
      failed = !closed;
    }
  }

  /** What its process has taken of processors so far. */
  public CpuUsage cpu() {
    return cpu;
  }

  /**
   * Waits until all requests have ended.
   *
   * @throws MeshException when its process fails
   */
  public void await() throws InterruptedException {
    int code = process.waitFor();
    reader.join();
    if (code != 0 || failed) {
      throw new MeshException("the load generator failed");
    }
  }

  /** Sends no more; what has not been answered yet is not counted. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    process.destroyForcibly();
    reader.join();
  }
}
