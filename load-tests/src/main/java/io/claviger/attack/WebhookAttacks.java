package io.claviger.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The attacks on the brokers' admission webhook. */
final class WebhookAttacks {

  private static final String WHO = "a host that reaches the webhook's port";
  static final String OTHER_HOST = "127.0.0.2";
  private static final String NAMESPACE = "attack-webhook";
  private static final int BODY_BYTES = 4 << 20;

  static final int LARGE_BODY = 3 << 20;
  private static final Duration AT_ONCE = Duration.ofSeconds(3);

  /** A body may take 2 s. */
  private static final Duration BODY = Duration.ofMillis(1_500);

  private static final Duration BODY_LATEST = Duration.ofSeconds(6);
  private static final Duration HANDSHAKE = Duration.ofSeconds(4);
  private static final Duration HANDSHAKE_LATEST = Duration.ofSeconds(9);
  private static final Duration WATCHED = Duration.ofSeconds(15);

  private WebhookAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "webhook-tls",
            WHO,
            "no TLS, half a handshake, and certificates that are not an API server's",
            WebhookAttacks::tls),
        new Attack(
            "webhook-reviews",
            WHO,
            "requests that are not a valid review of a pod",
            WebhookAttacks::reviews),
        new Attack(
            "webhook-size", WHO, "bodies that are too large or never end", WebhookAttacks::size),
        new Attack(
            "webhook-flood",
            WHO,
            "many connections and large reviews from one address, beside another client",
            WebhookFlood::flood));
  }

  static void tls(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    BrokerMember broker = mesh.broker(1);
    byte[] review =
        ApiRequest.post("/mutate", WebhookCaller.of(NAMESPACE, "app").encode())
            .with("Host: localhost")
            .bytes();
    Map<String, String> plain = new LinkedHashMap<>();
    plain.put("a review in plain text", new String(review, ISO_8859_1));
    plain.put("zero bytes", "\0".repeat(64));
    plain.put("HTTP/2 in plain text", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    Together.each(
        plain.entrySet(),
        tally,
        one ->
            tally.refuses(
                one.getKey(),
                plain(broker, one.getValue()),
                Ending.closedWithin(HANDSHAKE_LATEST)));
    Together.each(
        List.of("", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc"),
        tally,
        bytes ->
            tally.refuses(
                "a handshake of " + bytes.length() + " bytes that does not go on",
                plain(broker, bytes),
                Ending.closedBetween(HANDSHAKE, HANDSHAKE_LATEST)));
    certificates(mesh, tally, review);
    permitted(mesh, tally, OTHER_HOST);
  }

  private static void certificates(LocalMesh mesh, Tally tally, byte[] review) {
    MeshTls tls = new MeshTls(mesh);
    for (BrokerMember broker : mesh.brokers()) {
      tally.refuses(
          "no certificate",
          Ending.of(
              () -> new WebhookCaller(broker, OTHER_HOST, tls.anonymous()).ending(review, WATCHED)),
          Ending.closedWithin(AT_ONCE));
      for (String name : List.of(broker.member().name(), "kube-apiserver")) {
        tally.refuses(
            "another authority's certificate for " + name,
            Ending.of(
                () ->
                    new WebhookCaller(broker, OTHER_HOST, tls.ofAnotherAuthority(name))
                        .ending(review, WATCHED)),
            Ending.closedWithin(AT_ONCE));
      }
    }
  }

  private static Ending plain(BrokerMember broker, String bytes) {
    return StrangerSocket.exchange(broker.admission(), bytes, WATCHED);
  }

  static void reviews(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    WebhookCaller caller = caller(mesh, StrangerSocket.STRANGER);
    String right = WebhookCaller.of(NAMESPACE, "app").encode();
    for (String path :
        List.of(
            "/",
            "/mutate/",
            "/mutate/always/x",
            "/MUTATE",
            "/validate",
            "/metrics",
            "/mutat%65",
            "/x/../mutate")) {
      tally.refuses(
          "a review at " + path, caller.send(ApiRequest.post(path, right)), it -> it.is(404));
    }
    for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")) {
      tally.refuses(
          "the method " + method,
          caller.send(ApiRequest.post("/mutate", right).withMethod(method)),
          reply -> reply.is(405));
    }
    for (String type : List.of("text/plain", "application/xml", "application/jsonx", "json", "")) {
      tally.refuses(
          "a review as '" + type + "'",
          caller.send(
              ApiRequest.post("/mutate", right)
                  .change("Content-Type", line -> "Content-Type: " + type)),
          reply -> reply.is(415));
    }
    MalformedReviews.all()
        .forEach(
            (name, body) ->
                tally.refuses(
                    name, caller.send(ApiRequest.post("/mutate", body)), reply -> reply.is(400)));
    permitted(mesh, tally, StrangerSocket.STRANGER);
  }

  static void size(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    WebhookCaller caller = caller(mesh, StrangerSocket.STRANGER);
    tally.refuses(
        "a review of 4 MB plus 1 byte",
        caller.send(ApiRequest.post("/mutate", WebhookCaller.ofSize(BODY_BYTES + 1))),
        reply -> reply.is(413));
    tally.refuses(
        "a head of 20 KB",
        caller.send(ApiRequest.post("/mutate", "{}").with("X-Filler: " + "x".repeat(20_000))),
        reply ->
            reply.is(431) || reply.is(400) || reply instanceof HttpReply.Ended(Ending.Closed end));
    Map<String, String> endless = new LinkedHashMap<>();
    endless.put("no body", "Content-Length: 100\r\n\r\n");
    endless.put("half a body", "Content-Length: 100\r\n\r\n{\"apiVersion\"");
    endless.put("4 GB that do not come", "Content-Length: 4294967296\r\n\r\n{");
    endless.put("chunks that do not end", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
    String head = "POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    Together.each(
        endless.entrySet(),
        tally,
        one ->
            tally.refuses(
                one.getKey(),
                caller.ending((head + one.getValue()).getBytes(UTF_8), WATCHED),
                Ending.closedBetween(BODY, BODY_LATEST)));
    tally.permits(
        "a review of 3 MB",
        caller.send(ApiRequest.post("/mutate", WebhookCaller.ofSize(LARGE_BODY))),
        reply -> WebhookCaller.isAllowed(reply, false));
    permitted(mesh, tally, StrangerSocket.STRANGER);
  }

  static WebhookCaller caller(LocalMesh mesh, String from) {
    try {
      return new WebhookCaller(mesh, mesh.broker(1), from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void permitted(LocalMesh mesh, Tally tally, String from) {
    ApiCaller.admin(mesh, mesh.broker(1)).associate(NAMESPACE, "app");
    WebhookCaller caller = caller(mesh, from);
    tally.permits(
        "a review of a pod with a role",
        caller.review(NAMESPACE, "app"),
        reply -> WebhookCaller.isAllowed(reply, true));
    tally.permits(
        "a review of a pod without a role",
        caller.review(NAMESPACE, "other"),
        reply -> WebhookCaller.isAllowed(reply, false));
  }
}
