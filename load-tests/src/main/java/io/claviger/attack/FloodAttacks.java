package io.claviger.attack;

import static io.claviger.attack.HttpReply.INVALID_TOKEN;
import static io.claviger.attack.HttpReply.refusal;
import static io.claviger.attack.HttpReply.served;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.Polling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Floods: more of everything than an edge accepts. */
final class FloodAttacks {

  private static final String FLOODER = "a pod that floods its node's edge";
  private static final String HALF_A_HEAD = "GET /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nX";

  /** An edge's limit for one address: docs/threat-model.md. */
  private static final int MOST_OF_ONE = 256;

  private static final int CONNECTIONS = 600;

  /**
   * Fewer than half of an edge's limit for one address. Beside each connection the edge may still
   * count one that is already closed. So every refusal is for the content.
   */
  private static final int REQUESTS_AT_ONCE = 120;

  /** A little less than what an edge refuses at once. */
  private static final int MOST_HEAD_BYTES = 16_000;

  /** Five seconds for a whole head, checked every quarter of them. */
  private static final Duration SLOW_CLIENT = Duration.ofMillis(6_250);

  /** From the latest moment at which an edge may accept one; its timers may be late. */
  private static final Duration CUT_OFF_WITHIN = Duration.ofSeconds(8);

  private static final Duration DRIP = Duration.ofMillis(300);

  /** Another address than {@link PodSocket#ATTACKER}, for the same flood. */
  private static final String ACCOMPLICE = "127.66.0.9";

  private FloodAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "connection-flood",
            FLOODER,
            CONNECTIONS + " open connections from one address, idle or with half a head",
            FloodAttacks::connections),
        new Attack(
            "neighbour-flood",
            "a host beside a node",
            CONNECTIONS + " open connections from an address that no pod has",
            (target, tally) -> flood(target, tally, "127.66.0.8", "neighbour-flood")),
        new Attack(
            "header-flood",
            FLOODER,
            "unfinished heads of up to 16 KB, from one line to thousands of lines",
            FloodAttacks::headers),
        new Attack(
            "slow-heads",
            FLOODER,
            "heads that arrive one byte at a time, or never end",
            FloodAttacks::slow),
        new Attack(
            "unread-answers",
            FLOODER,
            "requests on many connections whose responses the pod never reads",
            UnreadAnswers::many),
        new Attack(
            "token-flood",
            FLOODER,
            "many tokens at once, each with its own unknown key id",
            FloodAttacks::tokens));
  }

  private static void connections(Target target, Tally tally) throws InterruptedException {
    flood(target, tally, PodSocket.ATTACKER, "connection-flood");
  }

  private static void flood(Target target, Tally tally, String from, String namespace)
      throws InterruptedException {
    AttackPods pods = AttackPods.associated(target.mesh(), namespace, List.of("web"));
    EdgeMember edge = target.mesh().edge(1);
    String token = pods.token("web", "web-0", edge);
    String key = pods.served(edge, token);
    String request = PodSocket.request("Authorization: " + token);
    for (String sent : List.of("", HALF_A_HEAD)) {
      List<PodSocket> open = new ArrayList<>();
      try {
        for (int number = 0; number < CONNECTIONS; number++) {
          PodSocket socket = PodSocket.connect(edge.listen(), from);
          open.add(socket);
          socket.send(sent);
        }
        tally.permits(
            "a pod at another address beside them",
            PodSocket.exchange(edge, "127.2.0.1", request),
            served(key));
        long left = open.stream().filter(socket -> !socket.isClosedByNow()).count();
        tally.refuses(
            CONNECTIONS
                + " connections with "
                + sent.length()
                + " bytes: still open, of "
                + MOST_OF_ONE,
            left,
            remaining -> remaining <= MOST_OF_ONE);
        tally.permits(
            "some connections of one address stay open", left, remaining -> remaining > 0);
        tally.permits(
            "a pod at another address while those are open",
            PodSocket.exchange(edge, "127.2.0.2", request),
            served(key));
        tally.refuses(
            "those, after the timeout for a head: still open",
            openAfterSlowClient(open),
            remaining -> remaining == 0);
      } finally {
        open.forEach(PodSocket::close);
      }
    }
    tally.permits("the same pod afterwards", PodSocket.ask(edge, token), served(key));
  }

  /**
   * The number of connections that are left after each one's timeout and some time for the edge's
   * check.
   */
  private static long openAfterSlowClient(List<PodSocket> sockets) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(SLOW_CLIENT.toNanos());
    List<PodSocket> open = new ArrayList<>(sockets);
    Polling.within(CUT_OFF_WITHIN)
        .every(DRIP)
        .until(() -> open.removeIf(PodSocket::isClosedByNow) && open.isEmpty());
    return open.size();
  }

  /** Each header uses more heap than it has bytes in the head. */
  private static void headers(Target target, Tally tally) throws InterruptedException {
    AttackPods pods = AttackPods.associated(target.mesh(), "header-flood", List.of("web"));
    EdgeMember edge = target.mesh().edge(1);
    String token = pods.token("web", "web-0", edge);
    String key = pods.served(edge, token);
    String request = PodSocket.request("Authorization: " + token);
    for (Map.Entry<String, String> head : heads().entrySet()) {
      List<PodSocket> open = new ArrayList<>();
      try {
        for (int number = 0; number < MOST_OF_ONE; number++) {
          for (String from : List.of(PodSocket.ATTACKER, ACCOMPLICE)) {
            PodSocket socket = PodSocket.connect(edge.listen(), from);
            open.add(socket);
            socket.send("GET / HTTP/1.1\r\n" + head.getValue());
          }
        }
        tally.permits(
            "a pod at another address beside heads " + head.getKey(),
            PodSocket.exchange(edge, "127.2.0.3", request),
            served(key));
        tally.refuses(
            open.size() + " heads " + head.getKey() + ": still open",
            openAfterSlowClient(open),
            remaining -> remaining == 0);
      } finally {
        open.forEach(PodSocket::close);
      }
    }
    tally.permits("the same pod afterwards", PodSocket.ask(edge, token), served(key));
  }

  /**
   * Heads by description. The edge closes the first three for their lines, and keeps the others
   * open.
   */
  private static Map<String, String> heads() {
    Map<String, String> heads = new LinkedHashMap<>();
    for (String header : List.of("X:", "X: y", "Abcdefgh: ijklmnop")) {
      // Line ends do not count.
      int count = MOST_HEAD_BYTES / header.length();
      heads.put("of " + count + " lines", (header + "\r\n").repeat(count));
    }
    heads.put("of 98 lines of 150 characters", ("X: " + "y".repeat(150) + "\r\n").repeat(98));
    heads.put("of one line that has not ended", "X: " + "y".repeat(MOST_HEAD_BYTES - 100));
    heads.put("of one line", "X: " + "y".repeat(MOST_HEAD_BYTES - 100) + "\r\n");
    return heads;
  }

  private static void slow(Target target, Tally tally) throws InterruptedException {
    AttackPods pods = AttackPods.associated(target.mesh(), "slow-heads", List.of("web"));
    EdgeMember edge = target.mesh().edge(1);
    String token = pods.token("web", "web-0", edge);
    String key = pods.served(edge, token);
    String request = PodSocket.request("Authorization: " + token);
    List<String> beginnings =
        List.of(
            "",
            "G",
            "GET ",
            "GET /v1/credentials HTTP/1.1\r\n",
            HALF_A_HEAD,
            request.substring(0, request.length() - 2),
            request.substring(0, request.length() / 2));
    List<Drip> drips =
        beginnings.stream()
            .flatMap(beginning -> Stream.of(new Drip(beginning, ""), new Drip(beginning, "x")))
            .toList();
    Together.each(
        drips,
        tally,
        drip ->
            tally.refuses(
                "a head that continues after "
                    + drip.beginning.length()
                    + (drip.more.isEmpty() ? " bytes with nothing" : " bytes with one at a time"),
                isCutOff(edge, drip) ? "closed" : "still open, or answered",
                "closed"::equals));
    try (PodSocket socket = PodSocket.connect(edge.listen(), PodSocket.ATTACKER)) {
      socket.send(request.substring(0, 100));
      TimeUnit.SECONDS.sleep(1);
      socket.send(request.substring(100));
      tally.permits("a head that takes a second", socket.read(), served(key));
    }
  }

  private record Drip(String beginning, String more) {}

  /** Whether the edge closes the connection in time and sends no answer before. */
  private static boolean isCutOff(EdgeMember edge, Drip drip) throws InterruptedException {
    try (PodSocket socket = PodSocket.connect(edge.listen(), PodSocket.ATTACKER)) {
      socket.send(drip.beginning);
      long end = System.nanoTime() + SLOW_CLIENT.plusSeconds(2).toNanos();
      while (System.nanoTime() - end < 0) {
        HttpReply reply = socket.read(DRIP);
        if (!(reply instanceof HttpReply.Ended(Ending.Open soFar))) {
          return reply.isClosed();
        }
        socket.send(drip.more);
      }
      return false;
    }
  }

  private static void tokens(Target target, Tally tally) throws InterruptedException {
    AttackPods pods = AttackPods.associated(target.mesh(), "token-flood", List.of("web"));
    EdgeMember edge = target.mesh().edge(1);
    String token = pods.token("web", "web-0", edge);
    String key = pods.served(edge, token);
    TokenForge forge = new TokenForge(target, token);
    int count = target.quick() ? 200 : 1_000;
    List<String> unknown =
        IntStream.range(0, count)
            .mapToObj(
                number ->
                    forge.unsigned(
                        forge.header(head -> head.put("kid", "unknown-" + number)),
                        forge.claims(claims -> claims.put("jti", "flood-" + number))))
            .toList();
    Queue<HttpReply> replies = new ConcurrentLinkedQueue<>();
    Together.each(unknown, REQUESTS_AT_ONCE, tally, one -> replies.add(PodSocket.ask(edge, one)));
    Predicate<HttpReply> invalid = refusal(400, INVALID_TOKEN);
    Predicate<HttpReply> later = refusal(503, HttpReply.UNAVAILABLE);
    tally.refuses(
        count
            + " tokens with unknown keys at once: refused "
            + replies.stream().filter(invalid).count()
            + ", answered with a retryable error "
            + replies.stream().filter(later).count(),
        replies.stream().filter(HttpReply::isServed).count(),
        served -> served == 0);
    tally.refuses(
        "the same: neither refused nor answered with a retryable error",
        replies.stream()
            .filter(Predicate.not(invalid.or(later)))
            .collect(Collectors.groupingBy(HttpReply::toString, Collectors.counting())),
        Map::isEmpty);
    tally.permits("the valid token afterwards", PodSocket.ask(edge, token), served(key));
    tally.permits(
        "a new pod afterwards", pods.served(edge, pods.token("web", "web-1", edge)), key::equals);
  }
}
