package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class BrokerLinksIT {

  @TempDir private Path directory;
  private UpstreamRig rig;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(BrokerLink.class);

  @BeforeEach
  void start() throws Exception {
    rig = new UpstreamRig(directory);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void end() {
    logger.detachAppender(log);
    rig.close();
  }

  @Test
  void logInFirstAndAloneAndThenAskForPushesAndKeys() throws Exception {
    FakeBroker broker = rig.broker();
    Promise<Void> letIn = Promise.promise();
    broker.beforeLogin = letIn::future;

    BrokerLinks links = rig.connect(rig.options(broker));

    await().until(() -> broker.frames.size() == 1);
    await().during(Duration.ofMillis(200)).until(() -> broker.frames.size() == 1);
    assertThat(broker.logins()).containsExactly("token-1");
    assertThat(links.everLoggedIn()).isFalse();

    letIn.complete();
    await().until(() -> links.connections() == 1);
    assertThat(links.everLoggedIn()).isTrue();
    assertThat(broker.frames)
        .extracting(frame -> frame.type() + " " + frame.address())
        .containsExactly(
            "send " + BusProtocol.LOGIN,
            "register " + BusProtocol.KEYS_CHANGED,
            "register " + BusProtocol.ASSOCIATION_CHANGED,
            "register " + BusProtocol.REVOKED_PODS_CHANGED,
            "register " + BusProtocol.PODS_GONE,
            "send " + BusProtocol.REVOKED_PODS,
            "send " + BusProtocol.PODS,
            "send " + BusProtocol.SYNC,
            "send " + BusProtocol.KEYS);
    assertThat(rig.positions).containsExactly(FakeBroker.AT_LOGIN);
    assertThat(rig.keySets).hasSize(1);
    assertThat(broker.reported()).containsExactly(List.of());
    await().until(() -> rig.confirmed.get() > 0);
    assertThat(rig.verifiedAgain).isEmpty();
  }

  @Test
  void tellABrokerOfAnotherAuthorityNothing() throws Exception {
    FakeBroker impostor = FakeBroker.start(rig.vertx, new TestAuthority().forLoopback());

    BrokerLinks links = rig.connect(rig.options(impostor));

    await().until(() -> rig.failedConnects() >= 2);
    assertThat(impostor.frames).isEmpty();
    assertThat(links.everLoggedIn()).isFalse();
  }

  @Test
  void tellABrokerWhoseCertificateIsForAnotherNameNothing() throws Exception {
    FakeBroker impostor = FakeBroker.start(rig.vertx, rig.authority.forAnotherName());

    BrokerLinks links = rig.connect(rig.options(impostor));

    await().until(() -> rig.failedConnects() >= 2);
    assertThat(impostor.frames).isEmpty();
    assertThat(links.everLoggedIn()).isFalse();
  }

  @Test
  void readTheAuthoritiesAgainWhenTheyAreRotated() throws Exception {
    FakeBroker broker = rig.broker();
    new TestAuthority().writeTo(rig.authorities);
    BrokerLinks links = rig.connect(rig.options(broker));
    await().until(() -> rig.failedConnects() >= 1);

    rig.authority.writeTo(rig.authorities);

    await().until(() -> links.connections() == 1);
  }

  @Test
  void keepTryingABrokerThatDoesNotLetThemIn() throws Exception {
    FakeBroker broker = rig.broker();
    broker.refusesLogins = true;
    BrokerLinks links = rig.connect(rig.options(broker));
    await().until(() -> broker.logins().size() >= 2);
    assertThat(links.everLoggedIn()).isFalse();

    broker.refusesLogins = false;

    await().until(() -> links.connections() == 1);
  }

  @Test
  void connectAgainAfterALossWithTheTokenAsItIsThen() throws Exception {
    FakeBroker broker = rig.broker();
    BrokerLinks links = rig.connect(rig.options(broker));
    await().until(() -> links.connections() == 1);
    rig.rotate("token-2");

    broker.cutOff();

    await().until(() -> broker.logins().size() == 2 && links.connections() == 1);
    assertThat(broker.logins()).containsExactly("token-1", "token-2");
    assertThat(rig.count("upstream.lost")).isEqualTo(1);
    assertThat(warnings()).isEqualTo(1);
    // The edge has not received the pushes of this time.
    assertThat(broker.reported()).hasSize(2);
  }

  @Test
  void reportNoLossWhenTheyAreStopped() throws Exception {
    FakeBroker one = rig.broker();
    FakeBroker other = rig.broker();
    BrokerLinks links = rig.connect(rig.options(one, other));
    await().until(() -> links.connections() == 2);

    UpstreamRig.await(links.stop());

    await().until(() -> one.connections() == 0 && other.connections() == 0);
    await().until(() -> links.connections() == 0);
    assertThat(rig.count("upstream.lost")).isZero();
    assertThat(warnings()).isZero();
  }

  @Test
  void holdOneConnectionToEachOfTwoBrokers() throws Exception {
    FakeBroker one = rig.broker();
    FakeBroker other = rig.broker();

    BrokerLinks links = rig.connect(rig.options(one, other));

    await().until(() -> links.connections() == 2);
    assertThat(one.connections()).isEqualTo(1);
    assertThat(other.connections()).isEqualTo(1);
  }

  @Test
  void holdOneConnectionWhenThereIsOneBroker() throws Exception {
    FakeBroker broker = rig.broker();

    BrokerLinks links = rig.connect(rig.options(broker));

    await().until(() -> links.connections() == 1);
    await().during(Duration.ofMillis(300)).until(() -> broker.connections() == 1);
    assertThat(rig.failedConnects()).isZero();
  }

  @Test
  void tellBothBrokersWhatIsCachedWhicheverItIsFrom() throws Exception {
    FakeBroker one = rig.broker();
    FakeBroker other = rig.broker();
    BrokerLinks links = rig.connect(rig.options(one, other));
    await().until(() -> links.connections() == 2);

    rig.holds(1);

    await().until(() -> one.reported().contains(List.of(UpstreamRig.known(1))));
    await().until(() -> other.reported().contains(List.of(UpstreamRig.known(1))));
  }

  @Test
  void tellTheRemainingBrokerEverythingWhenTheOtherIsLost() throws Exception {
    FakeBroker one = rig.broker();
    FakeBroker other = rig.broker();
    rig.holds(1);
    BrokerLinks links = rig.connect(rig.options(one, other));
    await().until(() -> links.connections() == 2);
    await().until(() -> one.reported().size() == 1 && other.reported().size() == 1);

    one.cutOff();

    await().until(() -> other.reported().size() == 2);
    assertThat(other.reported().getLast()).containsExactly(UpstreamRig.known(1));
  }

  @Test
  void replaceAConnectionThatIsOldBeforeTheyEndIt() throws Exception {
    FakeBroker broker = rig.broker();
    BrokerLinks links = rig.connect(rig.options(Duration.ofMillis(400), 100, broker));

    await().until(() -> broker.logins().size() >= 3);

    assertThat(rig.count("upstream.lost")).isZero();
    assertThat(links.connections()).isEqualTo(1);
    await().until(() -> broker.connections() <= 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {BusProtocol.MAX_FRAME_BYTES + 1, -1, 0})
  void endAConnectionThatIsOutOfStep(int length) throws Exception {
    FakeBroker broker = rig.broker();
    BrokerLinks links = rig.connect(rig.options(broker));
    await().until(() -> links.connections() == 1);

    broker.write(Buffer.buffer().appendInt(length));

    await().until(() -> broker.logins().size() == 2);
    await().until(() -> links.connections() == 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"type\":\"message\",\"address\":\"claviger.edge.keys-changed\",\"body\":{}}",
        "{\"type\":\"message\",\"address\":\"x\",\"body\":7}",
      })
  void endAConnectionThatBreaksTheProtocol(String frame) throws Exception {
    FakeBroker broker = rig.broker();
    BrokerLinks links = rig.connect(rig.options(broker));
    await().until(() -> links.connections() == 1);

    broker.write(Buffer.buffer().appendInt(frame.length()).appendString(frame));

    await().until(() -> broker.logins().size() == 2);
  }

  @Test
  void ignoreWhatTheyDoNotKnow() throws Exception {
    FakeBroker broker = rig.broker();
    BrokerLinks links = rig.connect(rig.options(broker));
    await().until(() -> links.connections() == 1);

    broker.write(frame("{\"type\":\"news\",\"address\":\"x\",\"body\":{}}"));
    broker.write(frame("{\"type\":\"message\",\"address\":\"claviger.edge.other\",\"body\":{}}"));
    broker.write(frame("{\"type\":\"err\",\"message\":\"about nothing\"}"));
    broker.push(BusProtocol.KEYS_CHANGED, rig.keySets.getFirst());

    await().until(() -> rig.keySets.size() == 2);
    assertThat(broker.logins()).hasSize(1);
  }

  @Test
  void endAConnectionThatGivesNoSignOfLife() throws Exception {
    FakeBroker broker = rig.broker();
    BrokerLinks links = rig.connect(rig.options(broker));
    await().until(() -> links.connections() == 1);

    broker.answersPings = false;

    await().atMost(Duration.ofSeconds(8)).until(() -> broker.logins().size() == 2);
    assertThat(rig.count("upstream.lost")).isEqualTo(1);
  }

  private static Buffer frame(String json) {
    assertThat(new JsonObject(json).getString("type")).isNotEqualTo(BridgeFrames.SEND);
    return Buffer.buffer().appendInt(json.length()).appendString(json);
  }

  private long warnings() {
    return log.list.stream().filter(event -> event.getLevel().equals(Level.WARN)).count();
  }
}
