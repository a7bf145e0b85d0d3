package io.claviger.attack;

import static io.claviger.attack.HttpReply.served;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.localmesh.EdgeMember;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Requests whose answers the client does not read. The answers fill the edge's memory, on
 * connections that it needs.
 */
final class UnreadAnswers {

  private static final int CONNECTIONS = 64;

  /** In bytes. */
  private static final int RECEIVE_BUFFER = 4 * 1024;

  /** The time within which an edge must close the connection, whether or not it still reads. */
  private static final Duration CUT_OFF = Duration.ofSeconds(20);

  private UnreadAnswers() {}

  static void many(Target target, Tally tally) throws InterruptedException {
    AttackPods pods = AttackPods.associated(target.mesh(), "unread-answers", List.of("web"));
    EdgeMember edge = target.mesh().edge(1);
    String token = pods.token("web", "web-0", edge);
    String key = pods.served(edge, token);
    String request = PodSocket.request("Authorization: " + token);
    Together.beside(
        tally,
        () ->
            Together.each(
                IntStream.range(0, CONNECTIONS).boxed().toList(),
                CONNECTIONS,
                tally,
                number ->
                    tally.refuses(
                        "connection " + number + " that does not read its answers",
                        unread(edge, request),
                        Ending.closedWithin(CUT_OFF))),
        () ->
            tally.permits(
                "a pod at another address beside them",
                PodSocket.exchange(edge, "127.2.0.4", PodSocket.request("Authorization: " + token)),
                served(key)));
    tally.permits("the same pod afterwards", PodSocket.ask(edge, token), served(key));
  }

  private static Ending unread(EdgeMember edge, String request) throws IOException {
    try (StrangerSocket socket =
        StrangerSocket.open(PodSocket.ATTACKER, edge.listen(), RECEIVE_BUFFER)) {
      return socket.push(request.getBytes(US_ASCII), CUT_OFF);
    }
  }
}
