package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.claviger.localmesh.FreePorts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The generator's process, with a server in this process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LoadGeneratorIT {

  private static final String ANSWER = "{\"AccessKeyId\":\"ASIA1\"}";
  private static final Duration SLOW = Duration.ofMillis(200);

  @TempDir private Path directory;

  private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private LoadGenerator generator;

  @BeforeAll
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/v1/credentials",
        exchange -> {
          clients.add(exchange.getRemoteAddress());
          String token = exchange.getRequestHeaders().getFirst("Authorization");
          if (token.equals("slow")) {
            LockSupport.parkNanos(SLOW.toNanos());
          }
          byte[] answer =
              (token.startsWith("large") ? ANSWER + " ".repeat(10_000) : ANSWER)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(token.equals("unknown") ? 403 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    generator = LoadGenerator.start();
  }

  @AfterAll
  void stop() throws InterruptedException {
    generator.close();
    server.stop(0);
    threads.close();
  }

  private Path plan(int port, String... tokens) throws Exception {
    List<String> lines = List.of(tokens).stream().map(t -> PlannedRequest.line(port, t)).toList();
    return Files.write(Files.createTempFile(directory, "load", ".plan"), lines);
  }

  private Path plan(String... tokens) throws Exception {
    return plan(server.getAddress().getPort(), tokens);
  }

  @Test
  void sendsEachRequestOnAConnectionOfItsOwnAndTellsWhatCameOfIt() throws Exception {
    clients.clear();
    Queue<LoadGenerator.Line> lines = new ConcurrentLinkedQueue<>();

    generator.begin(plan("known", "unknown"), LoadShape.onNewConnections(100, 50), lines::add);
    LoadRun run = generator.await();

    assertThat(run.statuses()).isEqualTo(Map.of(200, 25L, 403, 25L));
    assertThat(run.failed()).isEqualTo(25);
    assertThat(clients).hasSize(50);
    // An edge limits connections by address, so each pod needs its own.
    assertThat(clients).extracting(InetSocketAddress::getAddress).doesNotHaveDuplicates();
    assertThat(lines).hasSize(50).allMatch(line -> line.accessKeyId().equals("ASIA1"));
    assertThat(lines)
        .allMatch(line -> line.status() == (line.number() % 2 == 0 ? 200 : 403))
        .allMatch(line -> line.due().isBefore(line.at()));
    assertThat(run.millis()).isBetween(480L, 3_000L);
  }

  @Test
  void usesKeptConnectionsInTurn() throws Exception {
    clients.clear();

    LoadRun run = generator.run(plan("known"), LoadShape.onKeptConnections(200, 4, 100));

    assertThat(run.statuses()).isEqualTo(Map.of(200, 100L));
    assertThat(clients).hasSizeBetween(4, 10);
  }

  @Test
  void countsFromWhenARequestWasDueAndSendsTheNextAllTheSame() throws Exception {
    LoadRun run = generator.run(plan("slow"), LoadShape.onNewConnections(50, 20));

    assertThat(run.failed()).isZero();
    assertThat(run.within(0)).isGreaterThanOrEqualTo(SLOW.toMillis() * 0.99);
    // In sequence the requests would take four seconds.
    assertThat(run.millis()).isLessThan(3_000);
  }

  @Test
  void sendsFlatOutTheNextWhenTheOneBeforeIsAnswered() throws Exception {
    clients.clear();

    LoadRun run = generator.run(plan("slow"), LoadShape.flatOut(8, SLOW.multipliedBy(3)));

    assertThat(run.failed()).isZero();
    assertThat(run.requests()).isBetween(8L, 32L);
    assertThat(clients).hasSize(8);
  }

  @Test
  void readsAnswersThatAreLargerThanItsBuffers() throws Exception {
    LoadRun run =
        generator.run(
            plan("large", "large" + "x".repeat(20_000)), LoadShape.onNewConnections(100, 10));

    assertThat(run.statuses()).isEqualTo(Map.of(200, 10L));
  }

  @Test
  void saysWhyItsProcessHasEnded() throws Exception {
    try (LoadGenerator another = LoadGenerator.start()) {
      another.begin(directory.resolve("no.plan"), LoadShape.onNewConnections(1, 1));

      assertThatThrownBy(another::await)
          .hasMessageContaining("exit code 1")
          .hasMessageContaining("NoSuchFileException")
          .hasMessageContaining("no.plan");
    }
  }

  @Test
  void tellsOfAServerThatIsNotThere() throws Exception {
    int nobody = new FreePorts(new Random()).next();

    LoadRun atARate = generator.run(plan(nobody, "any"), LoadShape.onNewConnections(100, 10));
    LoadRun flatOut =
        generator.run(plan(nobody, "any"), LoadShape.flatOut(4, Duration.ofMillis(100)));

    assertThat(atARate.statuses()).isEqualTo(Map.of(LoadConnection.BROKEN, 10L));
    assertThat(flatOut.statuses()).isEqualTo(Map.of(LoadConnection.BROKEN, 4L));
  }
}
