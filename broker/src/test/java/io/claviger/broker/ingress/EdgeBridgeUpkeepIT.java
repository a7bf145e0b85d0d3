package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renewal of certificates in a running bridge, and the stop of a bridge. */
class EdgeBridgeUpkeepIT {

  private BridgeFixture bridge;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    bridge = new BridgeFixture(directory);
    bridge.serve(BusProtocol.CREDENTIALS);
  }

  @AfterEach
  void close() throws Exception {
    bridge.close();
  }

  @Test
  void servesARenewedCertificateWithoutEndingConnections() throws Exception {
    try (EdgeClient before = bridge.loggedIn()) {
      bridge.certificates.issue("broker");
      await().until(() -> certificates("replaced") == 1);

      try (EdgeClient after = bridge.loggedIn()) {
        assertThat(after.serverCertificate()).isNotEqualTo(before.serverCertificate());
        after.assertAnswers();
      }
      before.assertAnswers();
    }
  }

  @Test
  void goesOnWithTheCertificateItHasWhileTheFilesDoNotBelongTogether() throws Exception {
    X509Certificate first = served();
    bridge.certificates.issue("other");

    Files.copy(
        bridge.certificates.certificate("other"),
        bridge.certificates.certificate("broker"),
        StandardCopyOption.REPLACE_EXISTING);
    await().until(() -> certificates("failed") >= 2);
    assertThat(served()).isEqualTo(first);

    Files.delete(bridge.certificates.key("broker"));
    double failed = certificates("failed");
    await().until(() -> certificates("failed") >= failed + 2);
    assertThat(served()).isEqualTo(first);

    Files.copy(bridge.certificates.key("other"), bridge.certificates.key("broker"));
    await().until(() -> certificates("replaced") == 1);
    assertThat(served()).isNotEqualTo(first);
  }

  @Test
  void answersWhatIsUnderWayBeforeItStops() throws Exception {
    bridge.hold = true;
    try (EdgeClient busy = bridge.loggedIn();
        EdgeClient idle = bridge.loggedIn();
        EdgeClient stranger = bridge.connect()) {
      busy.request("r");
      await().until(() -> bridge.unanswered.size() == 1);

      Future<Void> stopped = bridge.stop();

      assertThat(idle.next()).isEmpty();
      assertThat(stranger.next()).isEmpty();
      assertThat(busy.send(BusProtocol.KEYS, "k", new JsonObject()).read().getString("message"))
          .contains("stopping");
      Assertions.assertThatThrownBy(bridge::connect)
          .isInstanceOfAny(ConnectException.class, IOException.class);
      bridge.unanswered.getFirst().reply(new JsonObject().put("answer", 7).toBuffer());
      assertThat(busy.read().getJsonObject("body").getInteger("answer")).isEqualTo(7);
      assertThat(busy.next()).isEmpty();
      BridgeFixture.await(stopped);
      await().until(() -> bridge.connections.open() == 0);
    }
  }

  private X509Certificate served() throws Exception {
    try (EdgeClient client = bridge.connect()) {
      return client.serverCertificate();
    }
  }

  private double certificates(String result) {
    return bridge.count(IngressMeters.CERTIFICATES, "result", result);
  }
}
