package io.claviger.attack;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** The port of the event bus among brokers, where no stranger may pass the TLS handshake. */
final class BusTls {

  private static final Duration WATCHED = Duration.ofSeconds(8);
  private static final Duration STAYS = Duration.ofSeconds(3);

  private BusTls() {}

  static void bus(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    MeshTls tls = new MeshTls(mesh);
    for (BrokerMember broker : mesh.brokers()) {
      for (Map.Entry<String, String> one : ForeignProtocols.all().entrySet()) {
        if (!one.getKey().equals("TLS")) {
          tally.refuses(
              one.getKey() + " at the event bus",
              StrangerSocket.exchange(broker.bus(), one.getValue().repeat(3), WATCHED),
              Ending.closedWithin(WATCHED));
        }
      }
      within(tally, broker, "no certificate", tls::anonymous);
      within(tally, broker, "another authority's", () -> tls.ofAnotherAuthority("broker-1"));
      within(tally, broker, "TLS 1.2", () -> tls.as(mesh.broker(1)), "TLSv1.2");
      tally.permits(
          "a broker's certificate",
          Ending.of(
              () -> {
                try (StrangerSocket socket =
                    StrangerSocket.open(StrangerSocket.STRANGER, broker.bus())
                        .tls(tls.as(mesh.broker(1)))) {
                  return socket.ending(STAYS);
                }
              }),
          ending -> ending instanceof Ending.Open);
    }
  }

  /** Creates a stranger's TLS context. */
  private interface Shown {
    SSLContext context() throws IOException;
  }

  private static void within(
      Tally tally, BrokerMember broker, String what, Shown shown, String... protocols) {
    tally.refuses(
        what + " at the event bus",
        Ending.of(
            () -> {
              try (StrangerSocket socket =
                  StrangerSocket.open(StrangerSocket.STRANGER, broker.bus())
                      .tls(shown.context(), protocols)) {
                return socket.send("\0\0\0\u0004ping").ending(WATCHED);
              }
            }),
        Ending.closedWithin(WATCHED));
  }
}
