package io.claviger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.edge.telemetry.EdgeMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The virtual edges' process. It reads commands, one a line, from standard input, and writes one
 * line for each to standard output. It ends with its input, and so with its parent process, and on
 * any failure.
 */
final class VirtualEdgesProgram {

  private static final int EVENT_LOOPS = Math.min(4, Runtime.getRuntime().availableProcessors());
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** Time after the last request: each is answered within a second, or not at all. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);

  /** The mean pause of SDKs between two requests. */
  private static final int AGAIN_MILLIS = 1_000;

  private final List<VirtualEdge> edges;
  private List<VirtualEdge> withSession = List.of();
  private LinkWatch watch = new LinkWatch(List.of(), VirtualEdgesProgram::nowMicros);

  private VirtualEdgesProgram(List<VirtualEdge> edges) {
    this.edges = List.copyOf(edges);
  }

  /** Prints {@code ready}, then runs commands. */
  public static void main(String[] args) {
    WorkerProgram.run(() -> run(Path.of(args[0])));
  }

  private static void run(Path plan) throws IOException, InterruptedException {
    VirtualEdgesProgram program = new VirtualEdgesProgram(edges(Files.readAllLines(plan)));
    say("ready");
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, ISO_8859_1));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      say(program.answer(List.of(line.split(" ", -1))));
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /**
   * The edges of a plan.
   *
   * @param plan the authorities' file, the brokers' bridges with commas, then a line for each edge
   */
  private static List<VirtualEdge> edges(List<String> plan) {
    Path authorities = Path.of(plan.get(0));
    List<HostPort> bridges = Stream.of(plan.get(1).split(",", -1)).map(HostPort::parse).toList();
    List<String> lines = plan.subList(2, plan.size());
    List<Vertx> loops = Stream.generate(LoopbackSources::vertx).limit(EVENT_LOOPS).toList();
    EdgeMeters meters = new EdgeMeters(new SimpleMeterRegistry());
    List<VirtualEdge> edges = new ArrayList<>();
    for (String line : lines) {
      edges.add(
          new VirtualEdge(
              loops.get(edges.size() % loops.size()),
              VirtualEdgePlan.parse(line),
              bridges,
              authorities,
              meters));
    }
    return edges;
  }

  private String answer(List<String> words) throws InterruptedException {
    return switch (words.getFirst()) {
      case "connect" -> {
        watchAnew();
        edges.forEach(VirtualEdge::connect);
        yield "connecting";
      }
      case "watch" -> {
        watchAnew();
        yield "watching";
      }
      case "unwatch" -> {
        watch.close();
        yield "not watching";
      }
      case "linked" -> watch.await(Long.parseLong(words.get(1)), millis(words.get(2))).written();
      case "ask" ->
          ask(edges, Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2))).written();
      case "serve" -> serve(Long.parseLong(words.get(1)), millis(words.get(2))).written();
      case "sessions" -> "" + sessions(Integer.parseInt(words.get(1)));
      case "forgotten" ->
          forgottenSince(Long.parseLong(words.get(1)), millis(words.get(2))).written();
      default -> throw new IllegalArgumentException("not a command: " + words);
    };
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }

  private void watchAnew() {
    watch.close();
    watch =
        new LinkWatch(
            edges.stream().<IntSupplier>map(edge -> edge::connections).toList(),
            VirtualEdgesProgram::nowMicros);
    watch.start();
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /**
   * Edges without a session request one. Later commands measure changes only at edges with a
   * session.
   */
  private int sessions(int rate) throws InterruptedException {
    List<VirtualEdge> without = edges.stream().filter(edge -> !edge.hasSession()).toList();
    if (!without.isEmpty()) {
      ask(without, rate, without.size());
    }
    withSession = edges.stream().filter(VirtualEdge::hasSession).toList();
    return withSession.size();
  }

  /** Edges send requests in turn, each at a fixed time independently of earlier ones. */
  private static LoadRun ask(List<VirtualEdge> edges, int rate, int count)
      throws InterruptedException {
    Answers answers = new Answers(count);
    long start = System.nanoTime();
    for (int number = 0; number < count; number++) {
      long due = start + number * TimeUnit.SECONDS.toNanos(1) / rate;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      VirtualEdge edge = edges.get(number % edges.size());
      var unused =
          status(edge, number / edges.size() % edge.pods())
              .thenAccept(
                  status ->
                      answers.add(status, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due)));
    }
    return answers.await(ANSWERED_WITHIN);
  }

  private static CompletionStage<Integer> status(VirtualEdge edge, int pod) {
    return edge.ask(pod).exceptionally(failure -> LoadConnection.BROKEN);
  }

  /**
   * Connects all edges; their pods send requests until they are served. Returns the times from then
   * on.
   */
  private LoadRun serve(long sinceMicros, Duration limit) throws InterruptedException {
    Answers answers = new Answers(edges.stream().mapToInt(VirtualEdge::pods).sum());
    edges.forEach(VirtualEdge::connect);
    for (VirtualEdge edge : edges) {
      IntStream.range(0, edge.pods()).forEach(pod -> serve(edge, pod, sinceMicros, answers));
    }
    return answers.await(limit);
  }

  private static void serve(VirtualEdge edge, int pod, long sinceMicros, Answers answers) {
    var unused =
        status(edge, pod)
            .thenAccept(
                status -> {
                  if (status == VirtualEdge.SERVED) {
                    answers.add(status, nowMicros() - sinceMicros);
                  } else {
                    CompletableFuture.delayedExecutor(
                            AGAIN_MILLIS / 2 + ThreadLocalRandom.current().nextInt(AGAIN_MILLIS),
                            TimeUnit.MILLISECONDS,
                            Runnable::run)
                        .execute(() -> serve(edge, pod, sinceMicros, answers));
                  }
                });
  }

  /** When each edge dropped its session, from a time on; an edge that does not is silent. */
  private LoadRun forgottenSince(long sinceMicros, Duration limit) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < limit.toNanos()
        && withSession.stream().anyMatch(edge -> edge.forgottenMicros() < sinceMicros)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    Histogram micros = new Histogram(3);
    Map<Integer, Long> statuses = new TreeMap<>();
    for (VirtualEdge edge : withSession) {
      long at = edge.forgottenMicros();
      boolean forgot = at >= sinceMicros;
      micros.recordValue(
          forgot ? at - sinceMicros : TimeUnit.MILLISECONDS.toMicros(limit.toMillis()));
      statuses.merge(forgot ? 200 : LoadConnection.SILENT, 1L, Long::sum);
    }
    return new LoadRun(
        statuses, micros, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), 0);
  }

  /** The results of this many requests; those that never end are silent. Thread-safe. */
  private static final class Answers {
    private final Histogram micros = new Histogram(3);
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private final CpuUsage before = CpuUsage.of(ProcessHandle.current().pid());
    private final long start = System.nanoTime();
    private final int count;
    private final CountDownLatch ended;

    private Answers(int count) {
      this.count = count;
      this.ended = new CountDownLatch(count);
    }

    private synchronized void add(int status, long took) {
      micros.recordValue(took);
      statuses.merge(status, 1L, Long::sum);
      ended.countDown();
    }

    /** Waits for all, or until time is over. */
    private LoadRun await(Duration limit) throws InterruptedException {
      boolean allEnded = ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
      synchronized (this) {
        long silent = count - micros.getTotalCount();
        if (!allEnded && silent > 0) {
          statuses.merge(LoadConnection.SILENT, silent, Long::sum);
          micros.recordValueWithCount(TimeUnit.MILLISECONDS.toMicros(limit.toMillis()), silent);
        }
        return new LoadRun(
            statuses,
            // A copy: a late answer must not count twice.
            micros.copy(),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
            CpuUsage.of(ProcessHandle.current().pid()).since(before).total());
      }
    }
  }
}
