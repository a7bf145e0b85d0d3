package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.edge.credential.Samples;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HedgedBrokersIT {

  private static final Duration LONG = Duration.ofSeconds(8);

  @TempDir private Path directory;
  private UpstreamRig rig;
  private FakeBroker one;
  private FakeBroker other;

  @BeforeEach
  void start() throws Exception {
    rig = new UpstreamRig(directory);
    one = rig.broker();
    other = rig.broker();
  }

  @AfterEach
  void end() {
    rig.close();
  }

  private void freeze(FakeBroker... brokers) {
    Stream.of(brokers).forEach(broker -> broker.answersPings = false);
  }

  private static CompletableFuture<CredentialReply> ask(HedgedBrokers brokers, Duration timeout) {
    return UpstreamRig.ask(brokers, timeout).toCompletableFuture();
  }

  private static CredentialReply issued(String accessKeyId) {
    return Samples.issued("pod-uid", accessKeyId, Instant.now());
  }

  private static int asked(FakeBroker broker) {
    return broker.sentTo(BusProtocol.CREDENTIALS).size();
  }

  @Test
  void askOneBrokerOnlyWhenItAnswers() throws Exception {
    one.credentials = () -> Future.succeededFuture(issued("AKIA1"));
    other.credentials = one.credentials;
    HedgedBrokers brokers = rig.asking(one, other);

    CredentialReply reply = ask(brokers, LONG).get(1, TimeUnit.SECONDS);

    assertThat(reply).isInstanceOf(CredentialReply.Issued.class);
    await().during(Duration.ofMillis(500)).until(() -> asked(one) + asked(other) == 1);
    assertThat(rig.count("upstream.hedges")).isZero();
  }

  @Test
  void askTheSecondBrokerToWhenTheFirstIsSilentAndTakeTheFirstReply() throws Exception {
    HedgedBrokers brokers = rig.asking(one, other);
    freeze(one, other);
    long start = System.nanoTime();
    CompletableFuture<CredentialReply> reply = ask(brokers, LONG);
    await().until(() -> asked(one) + asked(other) == 1);
    FakeBroker second = asked(one) == 1 ? other : one;
    second.credentials = () -> Future.succeededFuture(issued("SECOND"));

    CredentialReply.Issued issued = (CredentialReply.Issued) reply.get(2, TimeUnit.SECONDS);

    assertThat(issued.credentials().accessKeyId()).isEqualTo("SECOND");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(UpstreamRig.HEDGE_AFTER);
    assertThat(rig.count("upstream.hedges")).isEqualTo(1);
  }

  @Test
  void takeTheFirstBrokersReplyAlsoWhenTheSecondWasAsked() throws Exception {
    Promise<CredentialReply> slow = Promise.promise();
    one.credentials = slow::future;
    other.credentials = slow::future;
    HedgedBrokers brokers = rig.asking(one, other);
    freeze(one, other);
    CompletableFuture<CredentialReply> reply = ask(brokers, LONG);

    await().until(() -> asked(one) == 1 && asked(other) == 1);
    slow.complete(issued("BOTH"));

    assertThat(reply.get(1, TimeUnit.SECONDS)).isInstanceOf(CredentialReply.Issued.class);
  }

  @Test
  void leaveABrokerThatIsSlowForManyAtOnceToItsWork() throws Exception {
    Promise<CredentialReply> slow = Promise.promise();
    one.credentials = slow::future;
    other.credentials = slow::future;
    HedgedBrokers brokers = rig.asking(one, other);

    List<CompletableFuture<CredentialReply>> replies =
        IntStream.range(0, 50).mapToObj(i -> ask(brokers, LONG)).toList();
    await().until(() -> asked(one) + asked(other) == 50);
    await().during(Duration.ofSeconds(1)).until(() -> asked(one) * asked(other) == 0);
    slow.complete(issued("ALL"));

    for (CompletableFuture<CredentialReply> reply : replies) {
      assertThat(reply.get(1, TimeUnit.SECONDS)).isInstanceOf(CredentialReply.Issued.class);
    }
    assertThat(rig.count("upstream.lost") + rig.count("upstream.hedges")).isZero();
  }

  @Test
  void askTheOtherBrokerForEverythingOnceOneIsKnownToBeSilent() throws Exception {
    BrokerLinks links = rig.connect(rig.options(one, other));
    await().until(() -> links.connections() == 2);
    HedgedBrokers brokers = rig.asking(links, rig.hedging(1, System::nanoTime));
    freeze(one, other);
    List<CompletableFuture<CredentialReply>> replies =
        IntStream.range(0, 50).mapToObj(i -> ask(brokers, LONG)).toList();
    await().until(() -> asked(one) + asked(other) == 50);
    (asked(one) == 0 ? one : other).credentials = () -> Future.succeededFuture(issued("ALIVE"));

    for (CompletableFuture<CredentialReply> reply : replies) {
      assertThat(reply.get(850, TimeUnit.MILLISECONDS)).isInstanceOf(CredentialReply.Issued.class);
    }
    assertThat(rig.count("upstream.hedges")).isEqualTo(1);
    assertThat(rig.count("upstream.hedges.denied")).isGreaterThanOrEqualTo(49);
  }

  @Test
  void takeNobodyForSilentWhileTheEdgeItselfIsLate() {
    BrokerLinks links = rig.connect(rig.options(one, other));
    await().until(() -> links.connections() == 2);
    HedgedBrokers brokers = rig.asking(links, rig.hedging(1, () -> System.nanoTime() * 10));
    freeze(one, other);

    CompletableFuture<CredentialReply> reply = ask(brokers, LONG);

    await().until(() -> asked(one) + asked(other) == 1);
    await().during(Duration.ofSeconds(1)).until(() -> asked(one) + asked(other) == 1);
    assertThat(reply).isNotDone();
    assertThat(rig.count("upstream.hedges")).isZero();
  }

  @Test
  void cannotSayAtOnceWhenNoBrokerIsConnected() throws Exception {
    HedgedBrokers brokers =
        rig.asking(
            new BrokerLinks(
                rig.vertx, rig.context, rig.options(one), rig, rig, () -> 0.5, rig.meters));

    assertThat(ask(brokers, LONG).get(1, TimeUnit.SECONDS))
        .isInstanceOf(CredentialReply.Unavailable.class);
  }

  @Test
  void stopWaitingWhenTheTimeIsOver() throws Exception {
    HedgedBrokers brokers = rig.asking(one, other);
    long start = System.nanoTime();

    CredentialReply reply = ask(brokers, Duration.ofMillis(600)).get(2, TimeUnit.SECONDS);

    assertThat(reply).isInstanceOf(CredentialReply.Unavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(600), Duration.ofMillis(1_500));
  }

  @Test
  void failEverythingThatWaitsWhenTheConnectionsEnd() {
    HedgedBrokers brokers = rig.asking(one, other);
    freeze(one, other);
    List<CompletableFuture<CredentialReply>> waiting =
        IntStream.range(0, 10).mapToObj(i -> ask(brokers, LONG)).toList();
    await().until(() -> asked(one) == 10 && asked(other) == 10);

    one.cutOff();
    other.cutOff();

    assertThat(waiting)
        .allSatisfy(
            reply ->
                assertThat(reply)
                    .succeedsWithin(Duration.ofSeconds(2))
                    .isInstanceOf(CredentialReply.Unavailable.class));
  }

  @Test
  void goOnWithTheOtherBrokerWhenOneIsLost() throws Exception {
    HedgedBrokers brokers = rig.asking(one, other);
    CompletableFuture<CredentialReply> reply = ask(brokers, LONG);
    await().until(() -> asked(one) + asked(other) == 1);
    FakeBroker first = asked(one) == 1 ? one : other;
    Stream.of(one, other)
        .forEach(broker -> broker.credentials = () -> Future.succeededFuture(issued("NEXT")));

    first.cutOff();

    assertThat(reply.get(2, TimeUnit.SECONDS)).isInstanceOf(CredentialReply.Issued.class);
    assertThat(rig.count("upstream.hedges")).isZero();
  }

  @Test
  void preferTheOtherBrokerWhileOneGivesNoSignOfLife() throws Exception {
    HedgedBrokers brokers = rig.asking(one, other);
    CompletableFuture<CredentialReply> reply = ask(brokers, LONG);
    await().until(() -> asked(one) + asked(other) == 1);
    FakeBroker stopped = asked(one) == 1 ? one : other;
    FakeBroker alive = asked(one) == 1 ? other : one;
    freeze(stopped);
    alive.credentials = () -> Future.succeededFuture(issued("ALIVE"));
    assertThat(reply.get(2, TimeUnit.SECONDS)).isInstanceOf(CredentialReply.Issued.class);

    // The ping after the second request may still be answered in time.
    await()
        .untilAsserted(
            () -> {
              int before = asked(stopped);
              assertThat(ask(brokers, LONG).get(1, TimeUnit.SECONDS))
                  .isInstanceOf(CredentialReply.Issued.class);
              assertThat(asked(stopped)).isEqualTo(before);
            });
  }

  @Test
  void letNoMoreWaitOnAConnectionThanMay() {
    BrokerLinks links = rig.connect(rig.options(Duration.ofMinutes(30), 2, one));
    await().until(() -> links.connections() == 1);
    HedgedBrokers brokers = rig.asking(links);
    List<CompletableFuture<CredentialReply>> waiting =
        List.of(ask(brokers, LONG), ask(brokers, LONG));
    await().until(() -> asked(one) == 2);

    CompletableFuture<CredentialReply> third = ask(brokers, LONG);

    assertThat(third)
        .succeedsWithin(Duration.ofSeconds(2))
        .isInstanceOf(CredentialReply.Unavailable.class);
    assertThat(asked(one)).isEqualTo(2);
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
  }
}
