package io.claviger.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.schemas.bus.LoginReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerSessionIT {

  @TempDir private Path directory;
  private UpstreamRig rig;
  private FakeBroker broker;

  @BeforeEach
  void start() throws Exception {
    rig = new UpstreamRig(directory);
    broker = rig.broker();
  }

  @AfterEach
  void end() {
    rig.close();
  }

  @Test
  void presentsARotatedTokenOnTheSameConnection() throws Exception {
    BrokerSession session = session();
    LoginReply letIn = onContext(session::begin);

    onContext(session::renew);
    assertThat(broker.logins()).containsExactly("token-1");
    rig.rotate("token-2");
    onContext(session::renew);

    assertThat(letIn.position()).isEqualTo(FakeBroker.AT_LOGIN);
    assertThat(broker.logins()).containsExactly("token-1", "token-2");
    assertThat(broker.connections()).isEqualTo(1);
  }

  @Test
  void presentsNothingWhenTheTokenFileIsEmptyOrGone() throws Exception {
    BrokerSession session = session();
    rig.rotate("");
    assertThatIllegalStateException().isThrownBy(() -> onContext(session::begin));
    Files.delete(rig.tokenFile);

    assertThatIllegalStateException().isThrownBy(() -> onContext(session::begin));

    assertThat(broker.frames).isEmpty();
  }

  @Test
  void asksForTheKeysAgain() {
    BrokerSession session = session();
    onContext(session::begin);

    onContext(session::fetchKeys);

    assertThat(rig.keySets).hasSize(2);
  }

  private BrokerSession session() {
    BrokerConnector connector = new BrokerConnector(rig.vertx, rig.authorities, 10);
    BrokerAddress address = new BrokerAddress("localhost", "127.0.0.1", broker.port());
    BrokerConnection connection = onContext(() -> connector.connect(address));
    return new BrokerSession(connection, new EdgeToken(rig.vertx, rig.tokenFile), rig);
  }

  private <T> T onContext(Supplier<Future<T>> task) {
    Promise<T> done = Promise.promise();
    rig.context.runOnContext(nothing -> task.get().onComplete(done));
    return UpstreamRig.await(done.future());
  }
}
