package io.claviger.edge.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.config.bridge.Bodies;
import io.claviger.edge.credential.Samples;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.RefusalReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When {@link HedgedBrokers} tries a second broker, which one, and with what request. */
final class SecondBrokerIT {

  private static final Duration LONG = Duration.ofSeconds(8);

  @TempDir private Path directory;
  private final AtomicLong now = new AtomicLong();
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

  private static int asked(FakeBroker broker) {
    return broker.sentTo(BusProtocol.CREDENTIALS).size();
  }

  private static CredentialReply refused(RefusalReason reason) {
    return Samples.refused("pod-uid", reason, Samples.at(1));
  }

  /** The broker that is asked first gives the first answer. */
  private CredentialReply answerTo(CredentialReply... inTurn) throws Exception {
    Queue<CredentialReply> replies = new ConcurrentLinkedQueue<>(List.of(inTurn));
    one.credentials = () -> Future.succeededFuture(replies.poll());
    other.credentials = one.credentials;
    return ask(rig.asking(one, other));
  }

  private static CredentialReply ask(HedgedBrokers brokers) throws Exception {
    return UpstreamRig.ask(brokers, LONG).toCompletableFuture().get(1, TimeUnit.SECONDS);
  }

  @Test
  void askTheOtherBrokerAtOnceWhenOneCannotSay() throws Exception {
    CredentialReply behind = new CredentialReply.Unavailable("behind", 0);

    assertThat(answerTo(behind, behind)).isEqualTo(behind);
    assertThat(asked(one)).isEqualTo(1);
    assertThat(asked(other)).isEqualTo(1);
    assertThat(rig.count("upstream.hedges")).isZero();
  }

  @Test
  void doNotPassOnWhatABrokerHasNoTimeFor() throws Exception {
    CredentialReply busy = new CredentialReply.Unavailable("too much to do", 200);

    assertThat(answerTo(busy, busy)).isEqualTo(busy);
    assertThat(asked(one) + asked(other)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = "PREMATURE_TOKEN", mode = EnumSource.Mode.EXCLUDE)
  void takeARefusalForAnAnswer(RefusalReason reason) throws Exception {
    assertThat(answerTo(refused(reason))).isEqualTo(refused(reason));
    assertThat(asked(one) + asked(other)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_ASSOCIATION", "PREMATURE_TOKEN"})
  void askTheOtherBrokerWhenTheClockOfOneIsBehind(RefusalReason ofTheOther) throws Exception {
    CredentialReply early = refused(RefusalReason.PREMATURE_TOKEN);

    assertThat(answerTo(early, refused(ofTheOther))).isEqualTo(refused(ofTheOther));
    assertThat(asked(one)).isEqualTo(1);
    assertThat(asked(other)).isEqualTo(1);
  }

  @Test
  void passOnWhatTheOnlyBrokerSays() throws Exception {
    CredentialReply early = refused(RefusalReason.PREMATURE_TOKEN);
    one.credentials = () -> Future.succeededFuture(early);

    assertThat(ask(rig.asking(one))).isEqualTo(early);
  }

  /** Sends a request; its clock stands still until {@link #pass}. */
  private CompletableFuture<CredentialReply> ask(long waitMillis) {
    BrokerLinks links = rig.connect(rig.options(one, other));
    await().until(() -> links.connections() == 2);
    HedgedBrokers brokers = rig.asking(links, rig.hedging(1, now::get));
    return UpstreamRig.ask(brokers, waitMillis, LONG, false).toCompletableFuture();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private void freeze() {
    one.answersPings = false;
    other.answersPings = false;
  }

  private static long waitMillis(FakeBroker broker) {
    Buffer body = broker.sentTo(BusProtocol.CREDENTIALS).getFirst().body();
    return requireNonNull(Bodies.read(requireNonNull(body), CredentialRequest.class).waitMillis());
  }

  @Test
  void tellTheSecondHowMuchTimeIsLeft() {
    freeze();
    ask(5_000);
    await().until(() -> asked(one) + asked(other) == 1);

    pass(UpstreamRig.HEDGE_AFTER);
    await().until(() -> asked(one) == 1 && asked(other) == 1);

    assertThat(List.of(waitMillis(one), waitMillis(other)))
        .containsExactlyInAnyOrder(5_000L, 5_000 - UpstreamRig.HEDGE_AFTER.toMillis());
  }

  @Test
  void askNobodyElseOnceTheTimeIsOver() throws Exception {
    Promise<CredentialReply> slow = Promise.promise();
    one.credentials = slow::future;
    other.credentials = slow::future;
    CompletableFuture<CredentialReply> reply = ask(900);
    await().until(() -> asked(one) + asked(other) == 1);

    pass(Duration.ofMillis(900));
    CredentialReply anotherMayKnow = new CredentialReply.Unavailable("another may know", 0);
    slow.complete(anotherMayKnow);

    assertThat(reply.get(2, TimeUnit.SECONDS)).isEqualTo(anotherMayKnow);
    assertThat(asked(one) + asked(other)).isEqualTo(1);
  }

  @Test
  void spendNoHedgeOnWhatNobodyWaitsForAnyMore() {
    ask(900);
    await().until(() -> asked(one) + asked(other) == 1);

    freeze();
    pass(Duration.ofMillis(900));

    await()
        .during(UpstreamRig.HEDGE_AFTER.multipliedBy(3))
        .until(() -> asked(one) + asked(other) == 1);
    assertThat(rig.count("upstream.hedges")).isZero();
  }

  @Test
  void beginWithTheOtherBrokerWhereTheFirstHadTheTimeAndGaveNoAnswer() throws Exception {
    HedgedBrokers brokers = rig.asking(one, other);
    UpstreamRig.ask(brokers, 900L, LONG, false);
    await().until(() -> asked(one) + asked(other) == 1);
    FakeBroker second = asked(one) == 1 ? other : one;
    CredentialReply refused = refused(RefusalReason.NO_ASSOCIATION);
    second.credentials = () -> Future.succeededFuture(refused);

    CompletableFuture<CredentialReply> reply =
        UpstreamRig.ask(brokers, 900L, LONG, true).toCompletableFuture();

    assertThat(reply.get(2, TimeUnit.SECONDS)).isEqualTo(refused);
    assertThat(asked(one) * asked(other)).isEqualTo(1);
  }
}
