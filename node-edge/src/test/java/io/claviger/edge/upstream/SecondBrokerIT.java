package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.edge.credential.Samples;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.RefusalReason;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which answers of the first broker have {@link HedgedBrokers} ask the second one. */
final class SecondBrokerIT {

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

  private static int asked(FakeBroker broker) {
    return broker.sentTo(BusProtocol.CREDENTIALS).size();
  }

  private static CredentialReply refused(RefusalReason reason) {
    return Samples.refused("pod-uid", reason, Samples.at(1));
  }

  /** Whichever broker is asked first has the first answer. */
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
}
