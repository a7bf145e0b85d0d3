package io.claviger.attack;

import static io.claviger.attack.HttpReply.INVALID_REQUEST;
import static io.claviger.attack.HttpReply.INVALID_TOKEN;
import static io.claviger.attack.HttpReply.refusal;
import static io.claviger.attack.HttpReply.served;

import io.claviger.localmesh.EdgeMember;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Bytes that are no request, more bytes than a request may have, or more than one request. */
final class HeadAttacks {

  private static final String LINE = "GET /v1/credentials HTTP/1.1\r\n";
  private static final String HOST = "Host: 127.0.0.1\r\n";

  /** Three requests each; above 400 lines at once an edge closes the connection. */
  private static final int AT_ONCE = 20;

  private static final Predicate<HttpReply> MALFORMED = refusal(400, INVALID_REQUEST);

  private HeadAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "malformed-heads",
            "a pod",
            "bytes that are not HTTP/1.1, each wrong in one way",
            HeadAttacks::malformed),
        new Attack(
            "long-heads",
            "a pod that floods its node's edge",
            "heads over 16 KB or over 100 lines",
            HeadAttacks::tooLong),
        new Attack(
            "smuggled-requests",
            "a pod",
            "pipelined requests, and requests in the body of another",
            HeadAttacks::smuggled));
  }

  private record Pod(EdgeMember edge, String token, String accessKeyId, String header) {

    static Pod of(Target target, String namespace) throws InterruptedException {
      AttackPods pods = AttackPods.associated(target.mesh(), namespace, List.of("web"));
      EdgeMember edge = target.mesh().edge(1);
      String token = pods.token("web", "web-0", edge);
      return new Pod(edge, token, pods.served(edge, token), "Authorization: " + token + "\r\n");
    }

    void serves(Tally tally) {
      tally.permits("the same, well formed", PodSocket.ask(edge, token), served(accessKeyId));
    }
  }

  /** Vert.x's own answer (RFC 9110, section 15.6.2), without a body. */
  private static boolean isUnknownVersion(HttpReply reply) {
    return reply instanceof HttpReply.Answered(int status, String head, String body)
        && status == 501
        && body.isEmpty();
  }

  private static void malformed(Target target, Tally tally) throws InterruptedException {
    Pod pod = Pod.of(target, "malformed");
    pod.serves(tally);
    String rest = HOST + pod.header() + "\r\n";
    Map<String, String> heads = new LinkedHashMap<>();
    heads.put("no method", "/v1/credentials HTTP/1.1\r\n" + rest);
    heads.put("one word", "hello\r\n" + rest);
    heads.put("no version", "GET /v1/credentials\r\n" + rest);
    for (String version : List.of("HTTP/1", "HTTP/11", "HTTP/1.1.1", "HTTP1.1", "HTTP/-1.1")) {
      heads.put("version " + version, "GET /v1/credentials " + version + "\r\n" + rest);
    }
    for (String version :
        List.of(
            "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/9.9", "http/1.1", "HTP/1.1", "RTSP/1.0")) {
      tally.refuses(
          "version " + version,
          PodSocket.exchange(pod.edge(), "GET /v1/credentials " + version + "\r\n" + rest),
          HeadAttacks::isUnknownVersion);
    }
    tally.refuses(
        "HTTP/2's preface",
        PodSocket.exchange(pod.edge(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        HeadAttacks::isUnknownVersion);
    heads.put("a blank in the path", "GET /v1/credentials x HTTP/1.1\r\n" + rest);
    heads.put("a header without a colon", LINE + HOST + "X\r\n" + pod.header() + "\r\n");
    for (String name : List.of("X ", "X\t", "X(", "X/", "X\u0000", "X\u0001", "\"X\"", "X\u00e9")) {
      heads.put(
          "a header called '" + name.replaceAll("\\p{Cntrl}", "?") + "'",
          LINE + HOST + name + ": x\r\n" + pod.header() + "\r\n");
    }
    heads.put("zero in a value", LINE + HOST + "X: a\u0000b\r\n" + pod.header() + "\r\n");
    heads.put("a vertical tab in a value", LINE + HOST + "X: a\u000bb\r\n" + pod.header() + "\r\n");
    heads.put(
        "a length that is a word", LINE + HOST + "Content-Length: x\r\n" + pod.header() + "\r\n");
    heads.put(
        "a length below zero", LINE + HOST + "Content-Length: -1\r\n" + pod.header() + "\r\n");
    heads.put(
        "a length with a sign", LINE + HOST + "Content-Length: +1\r\n" + pod.header() + "\r\n");
    heads.put(
        "two lengths",
        LINE + HOST + "Content-Length: 1\r\nContent-Length: 2\r\n" + pod.header() + "\r\n");
    heads.put(
        "two lengths in one", LINE + HOST + "Content-Length: 1, 2\r\n" + pod.header() + "\r\n");
    heads.put(
        "a length past all bounds",
        LINE + HOST + "Content-Length: 99999999999999999999\r\n" + pod.header() + "\r\n");
    heads.put(
        "a TLS handshake",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n");
    heads.put("SSH", "SSH-2.0-OpenSSH_9.9\r\n\r\n");
    heads.put("SMTP", "EHLO example\r\n\r\n");
    heads.forEach(
        (name, bytes) -> tally.refuses(name, PodSocket.exchange(pod.edge(), bytes), MALFORMED));
    pod.serves(tally);
  }

  private static void tooLong(Target target, Tally tally) throws InterruptedException {
    Pod pod = Pod.of(target, "long");
    pod.serves(tally);
    Map<String, String> heads = new LinkedHashMap<>();
    heads.put("a path of 17 KB", "GET /" + "x".repeat(17_000) + " HTTP/1.1\r\n" + HOST + "\r\n");
    heads.put(
        "a query of 17 KB",
        "GET /v1/credentials?" + "x".repeat(17_000) + " HTTP/1.1\r\n" + HOST + "\r\n");
    heads.put("a method of 17 KB", "X".repeat(17_000) + " / HTTP/1.1\r\n" + HOST + "\r\n");
    heads.put("a name of 17 KB", LINE + HOST + "x".repeat(17_000) + ": x\r\n\r\n");
    heads.put("a value of 17 KB", LINE + HOST + "X: " + "x".repeat(17_000) + "\r\n\r\n");
    heads.put("a value without end", LINE + HOST + "X: " + "x".repeat(60_000));
    heads.put("a cookie of 17 KB", LINE + HOST + "Cookie: a=" + "x".repeat(17_000) + "\r\n\r\n");
    heads.put("60 KB without a line", "x".repeat(60_000));
    heads.forEach(
        (name, bytes) ->
            tally.refuses(
                name, PodSocket.exchange(pod.edge(), bytes), refusal(431, INVALID_REQUEST)));
    for (int count : List.of(100, 1_000, 8_000, 9_000)) {
      tally.refuses(
          count + " headers",
          PodSocket.exchange(
              pod.edge(), LINE + HOST + pod.header() + "X:\r\n".repeat(count) + "\r\n"),
          HttpReply::isClosed);
    }
    tally.permits(
        "90 headers",
        PodSocket.exchange(pod.edge(), LINE + HOST + pod.header() + "X: y\r\n".repeat(90) + "\r\n"),
        served(pod.accessKeyId()));
    tally.permits(
        "a head of 12 KB",
        PodSocket.exchange(
            pod.edge(), LINE + HOST + pod.header() + "X: " + "x".repeat(10_000) + "\r\n\r\n"),
        served(pod.accessKeyId()));
    pod.serves(tally);
  }

  private static void smuggled(Target target, Tally tally) throws InterruptedException {
    Pod pod = Pod.of(target, "smuggled");
    AttackPods others = AttackPods.associated(target.mesh(), "victims", List.of("web"));
    String foreign = others.token("web", "web-0", target.mesh().edge(2));
    pod.serves(tally);
    String right = LINE + HOST + pod.header() + "\r\n";
    String wrong = LINE + HOST + "Authorization: a.b.c\r\n\r\n";
    String stolen = LINE + HOST + "Authorization: " + foreign + "\r\n\r\n";
    try (PodSocket socket = PodSocket.connect(pod.edge().listen(), PodSocket.ATTACKER)) {
      int count = target.quick() ? AT_ONCE : 5 * AT_ONCE;
      for (int turn = 0; turn < count; turn++) {
        if (turn % AT_ONCE == 0) {
          Thread.ofVirtual().start(() -> socket.send((right + wrong + stolen).repeat(AT_ONCE)));
        }
        tally.permits("a valid request among others", socket.read(), served(pod.accessKeyId()));
        HttpReply second = socket.read();
        HttpReply third = socket.read();
        if (turn == 0) {
          tally.refuses("garbage behind a valid request", second, refusal(400, INVALID_TOKEN));
          tally.refuses(
              "a stolen token behind a valid request", third, refusal(403, HttpReply.DENIED));
        } else if (second.isServed() || third.isServed()) {
          tally.broken("an invalid request was served with its neighbour's: " + second + third);
        }
      }
    }
    Map<String, String> carriers = new LinkedHashMap<>();
    carriers.put(
        "in a body", LINE + HOST + pod.header() + "Content-Length: " + right.length() + "\r\n\r\n");
    carriers.put(
        "in a chunk",
        LINE
            + HOST
            + pod.header()
            + "Transfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(right.length())
            + "\r\n");
    carriers.put(
        "where a length and chunks are named",
        LINE
            + HOST
            + pod.header()
            + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    carriers.put(
        "behind chunks of another name",
        LINE + HOST + pod.header() + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n");
    carriers.forEach(
        (name, carrier) -> {
          try (PodSocket socket = PodSocket.connect(pod.edge().listen(), PodSocket.ATTACKER)) {
            socket.send(carrier + right);
            tally.refuses(
                "a request that carries another, " + name,
                socket.read(),
                refusal(413, INVALID_REQUEST).or(MALFORMED));
            tally.refuses("the request " + name, socket.read(), HttpReply::isClosed);
          }
        });
    pod.serves(tally);
  }
}
