package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.edge.credential.Samples;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which brokers {@link BrokerLinks} connect to, of several brokers with several addresses each. */
final class BrokerSpreadIT {

  private static final Duration SOON = Duration.ofMillis(200);

  /** A failed address must be avoided for longer than a link pauses between two attempts. */
  private static final Duration IN_PAUSES = Duration.ofSeconds(3);

  private static final Duration NEVER = Duration.ofMinutes(30);

  @TempDir private Path directory;
  private UpstreamRig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new UpstreamRig(directory);
  }

  @AfterEach
  void end() {
    rig.close();
  }

  /** Listens on loopback addresses of both families. */
  private FakeBroker dualStack() throws Exception {
    FakeBroker broker = rig.broker();
    assertThat(broker.listen("::1", broker.port())).isEqualTo(broker.port());
    return broker;
  }

  private static List<HostPort> bothFamilies(FakeBroker... brokers) {
    return Stream.of(brokers)
        .flatMap(
            broker -> Stream.of("127.0.0.1", "::1").map(host -> new HostPort(host, broker.port())))
        .toList();
  }

  private BrokerLinks connect(String node, List<HostPort> brokers, Duration rebalanceEvery) {
    return rig.connect(rig.options(node, brokers, NEVER, 100, rebalanceEvery));
  }

  private static int logins(FakeBroker... brokers) {
    return Stream.of(brokers).mapToInt(broker -> broker.logins().size()).sum();
  }

  @Test
  void twoAddressesOfOneBrokerAreOneLinkAndNoEndlessAttempts() throws Exception {
    FakeBroker broker = dualStack();

    BrokerLinks links = connect("node-1", bothFamilies(broker), SOON);

    await().until(() -> links.connections() == 1 && broker.logins().size() == 2);
    await()
        .during(Duration.ofSeconds(1))
        .until(
            () ->
                broker.logins().size() == 2
                    && broker.connections() == 1
                    && links.connections() == 1);
    assertThat(rig.failedConnects()).isZero();
  }

  @Test
  void twoBrokersOfTwoAddressesEachAreOneLinkEach() throws Exception {
    FakeBroker one = dualStack();
    FakeBroker other = dualStack();
    List<BrokerLinks> edges =
        IntStream.range(0, 10)
            .mapToObj(number -> connect("node-" + number, bothFamilies(one, other), SOON))
            .toList();

    await().until(() -> edges.stream().allMatch(links -> links.connections() == 2));

    await().until(() -> one.connections() == 10 && other.connections() == 10);
    // Each edge tries at most one further address per broker that it is already connected to.
    await().during(Duration.ofSeconds(1)).until(() -> logins(one, other) <= 40);
    assertThat(rig.count("upstream.lost")).isZero();
    assertThat(one.connections() + other.connections()).isEqualTo(20);
  }

  @Test
  @Tag("ci")
  void edgesSpreadOverABrokerThatComesBackAndLoseNoRequest() throws Exception {
    CredentialReply issued = Samples.issued("pod-uid", "AKIA1", Instant.now());
    List<FakeBroker> brokers = new ArrayList<>(List.of(rig.broker(), rig.broker(), rig.broker()));
    brokers.forEach(broker -> broker.credentials = () -> soon(issued));
    List<HostPort> addresses =
        brokers.stream().map(broker -> new HostPort("127.0.0.1", broker.port())).toList();
    int count = 30;
    List<BrokerLinks> edges =
        IntStream.range(0, count)
            .mapToObj(number -> connect("node-" + number, addresses, IN_PAUSES))
            .toList();
    await().until(() -> connected(edges) && connections(brokers) == 2 * count);
    List<Integer> before = spread(brokers);
    assertThat(before).allMatch(connections -> connections > 0 && connections < count);

    for (int i = 0; i < brokers.size(); i++) {
      double moves = rig.count("upstream.rebalances");
      int port = brokers.get(i).port();
      brokers.get(i).stop();
      await().until(() -> connected(edges) && connections(brokers) == 2 * count);

      FakeBroker again = FakeBroker.start(rig.vertx, rig.authority.forLoopback(), port);
      again.credentials = () -> soon(issued);
      brokers.set(i, again);

      double hedges = rig.count("upstream.hedges");
      int asked = asked(brokers);
      List<CompletionStage<CredentialReply>> replies = new ArrayList<>();
      // The addresses are the same as before, so each edge ends up at the same brokers.
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                edges.forEach(
                    links ->
                        replies.add(UpstreamRig.ask(rig.asking(links), Duration.ofSeconds(8))));
                return spread(brokers).equals(before);
              });
      for (CompletionStage<CredentialReply> reply : replies) {
        CompletableFuture<CredentialReply> answer = reply.toCompletableFuture();
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(issued);
      }
      // No request was sent again because its connection had ended.
      assertThat(asked(brokers) - asked)
          .isEqualTo(replies.size() + (int) (rig.count("upstream.hedges") - hedges));
      assertThat(rig.count("upstream.rebalances") - moves).isPositive().isLessThanOrEqualTo(count);
    }
  }

  private static int asked(List<FakeBroker> brokers) {
    return brokers.stream().mapToInt(broker -> broker.sentTo(BusProtocol.CREDENTIALS).size()).sum();
  }

  /** Answers after as long as a request may be under way while its link moves. */
  private Future<CredentialReply> soon(CredentialReply reply) {
    return rig.vertx.timer(20, TimeUnit.MILLISECONDS).map(reply);
  }

  private static boolean connected(List<BrokerLinks> edges) {
    return edges.stream().allMatch(links -> links.connections() == 2);
  }

  private static int connections(List<FakeBroker> brokers) {
    return brokers.stream().mapToInt(FakeBroker::connections).sum();
  }

  private static List<Integer> spread(List<FakeBroker> brokers) {
    return brokers.stream().map(FakeBroker::connections).toList();
  }
}
