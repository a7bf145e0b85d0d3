package io.claviger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.localmesh.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * The load generator's process. It reads commands, one a line, from standard input, and writes
 * results to standard output. It ends with its input, and so with its parent process.
 */
final class GeneratorProgram {

  private static final Duration WARM_UP = Duration.ofMillis(1_500);
  private static final int LISTENING_SECONDS = 30;
  private static final int WARM_UP_CONNECTIONS = 16;
  private static final int WARM_UP_REQUESTS = 500;
  private static final int WARM_UP_PER_SECOND = 1_000;

  private static final PrintStream OUT =
      new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, ISO_8859_1);

  private GeneratorProgram() {}

  /** Prints {@code ready}, then runs commands: shape, whether to print each answer, plan. */
  public static void main(String[] args) {
    WorkerProgram.run(GeneratorProgram::serve);
  }

  private static void serve() throws IOException, TimeoutException {
    warmUp();
    OUT.println("ready");
    OUT.flush();
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, ISO_8859_1));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      List<String> words = List.of(line.split(" ", 6));
      run(
          LoadShape.parse(words),
          Boolean.parseBoolean(words.get(4)),
          PlannedRequest.read(Path.of(words.get(5))));
    }
  }

  /**
   * Warms up this process's code against a server of its own, so that no other process is loaded.
   */
  private static void warmUp() throws IOException, TimeoutException {
    int port = new FreePorts(new Random()).next();
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    BareServer.listen(vertx, 1, port, Buffer.buffer("{}"))
        .await(LISTENING_SECONDS, TimeUnit.SECONDS);
    List<PlannedRequest> plan = List.of(PlannedRequest.parse(PlannedRequest.line(port, "warm-up")));
    Histogram none = new Histogram(3);
    LoadLoop.Answers counted = (connection, status, nanos) -> none.recordValue(nanos);
    new LoadLoop(LoadShape.flatOut(WARM_UP_CONNECTIONS, WARM_UP), plan, counted).run();
    new LoadLoop(LoadShape.onNewConnections(WARM_UP_PER_SECOND, WARM_UP_REQUESTS), plan, counted)
        .run();
    vertx.close().await(LISTENING_SECONDS, TimeUnit.SECONDS);
  }

  private static void run(LoadShape shape, boolean each, List<PlannedRequest> plan)
      throws IOException {
    Histogram micros = new Histogram(3);
    Map<Integer, Long> statuses = new TreeMap<>();
    CpuUsage before = ownCpu();
    long nanos =
        new LoadLoop(
                shape,
                plan,
                (connection, status, took) -> {
                  micros.recordValue(TimeUnit.NANOSECONDS.toMicros(took));
                  statuses.merge(status, 1L, Long::sum);
                  if (each) {
                    print(connection, status, took);
                  }
                })
            .run();
    OUT.println(
        new LoadRun(
                statuses,
                micros,
                TimeUnit.NANOSECONDS.toMillis(nanos),
                ownCpu().since(before).total())
            .written());
    OUT.flush();
  }

  private static void print(LoadConnection connection, int status, long nanos) {
    OUT.println(
        connection.number()
            + " "
            + status
            + " "
            + TimeUnit.NANOSECONDS.toMicros(nanos)
            + " "
            + ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())
            + " "
            + connection.accessKeyId());
    OUT.flush();
  }

  private static CpuUsage ownCpu() {
    return CpuUsage.of(ProcessHandle.current().pid());
  }
}
