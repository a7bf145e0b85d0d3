package io.claviger.attack;

import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeterReading;
import io.claviger.schemas.bus.BusProtocol;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Floods of connections, and a client that causes much output; others go on. */
final class BridgeFlood {

  private static final String CONNECTIONS = "claviger_ingress_connections ";
  private static final String REFUSED = "claviger_ingress_connections_refused_total";
  private static final String SLOW = "claviger_ingress_slow_edges_total";

  /** The limit without a login; connections of edges do not count. */
  private static final int MOST = 128;

  private static final int QUICK = 400;
  private static final int MANY = 1_500;

  /** With this concurrency a broker completes more handshakes in 5 s than half of the limit. */
  private static final int AT_ONCE = 400;

  private static final int RECEIVE_BUFFER = 4 * 1024;
  private static final Duration LATEST = Duration.ofSeconds(15);
  private static final Duration CUT_OFF = Duration.ofSeconds(25);

  /** Metrics of a broker during the flood. */
  private record Seen(double most, double refused) {}

  private BridgeFlood() {}

  static void flood(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    double refusedBefore = MeterReading.of(mesh.broker(1).metrics(), REFUSED);
    double edges = MeterReading.of(mesh.broker(1).metrics(), CONNECTIONS);
    double[] most = {0};
    Together.beside(
        tally,
        () ->
            Together.each(
                IntStream.range(0, target.quick() ? QUICK : MANY).boxed().toList(),
                AT_ONCE,
                tally,
                number ->
                    tally.refuses(
                        "connection " + number + " without a login",
                        Ending.of(() -> BridgeClient.asStranger(mesh, one -> one.ending(LATEST))),
                        Ending.closedWithin(LATEST))),
        () -> {
          edge(mesh, tally);
          double now = MeterReading.of(mesh.broker(1).metrics(), CONNECTIONS);
          // NaN, for a missing answer of the broker, is not greater than any number.
          if (now > most[0]) {
            most[0] = now;
          }
        });
    tally.refuses(
        "more connections than the limit",
        new Seen(most[0], MeterReading.of(mesh.broker(1).metrics(), REFUSED) - refusedBefore),
        // Two more: the connection for metrics, and the edge's own.
        seen -> seen.most() <= MOST + edges + 2 && seen.refused() > 0);
    BridgeStrangers.permitted(mesh, tally);
  }

  /** An edge at another address logs in and gets an answer. */
  private static void edge(LocalMesh mesh, Tally tally) throws IOException {
    tally.permits(
        "an edge beside many connections",
        BridgeClient.asEdge(mesh, edge -> edge.ask(BridgeClient.request(BusProtocol.KEYS, null))),
        BridgeReply::isAnswer);
  }

  static void slowReader(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    double before = MeterReading.of(mesh.broker(1).metrics(), SLOW);
    Together.each(
        List.of(BusProtocol.KEYS, BusProtocol.REVOKED_PODS),
        tally,
        address ->
            tally.refuses(
                "asking " + address + " and reading nothing",
                cutOff(mesh, BridgeClient.request(address, null)),
                ending -> ending instanceof Ending.Closed));
    tally.refuses(
        "slow readers",
        MeterReading.of(mesh.broker(1).metrics(), SLOW) - before,
        counted -> counted == 2);
    BridgeStrangers.permitted(mesh, tally);
  }

  /** Reads only after the broker has stopped reading: its output has filled all queues then. */
  private static Ending cutOff(LocalMesh mesh, Buffer request) throws IOException {
    Buffer many = Buffer.buffer();
    for (int i = 0; i < 100; i++) {
      many.appendBuffer(request);
    }
    try (BridgeClient client =
        BridgeClient.loggedIn(mesh, mesh.broker(1), BridgeClient.NODE, RECEIVE_BUFFER)) {
      return client.push(many, CUT_OFF);
    }
  }
}
