package io.claviger.attack;

import static io.claviger.attack.HttpReply.DENIED;
import static io.claviger.attack.HttpReply.INVALID_REQUEST;
import static io.claviger.attack.HttpReply.INVALID_TOKEN;
import static io.claviger.attack.HttpReply.NOT_FOUND;
import static io.claviger.attack.HttpReply.refusal;
import static io.claviger.attack.HttpReply.served;

import io.claviger.localmesh.EdgeMember;
import java.util.List;

/** Requests for the pod's own credentials that misuse HTTP. */
final class RequestAttacks {

  private static final String GET = "GET /v1/credentials HTTP/1.1";
  private static final String HOST = "Host: 127.0.0.1";

  private RequestAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "names-of-others",
            "a pod",
            "another workload's names and token in other headers and in the query",
            RequestAttacks::names),
        new Attack(
            "other-requests",
            "a pod",
            "other methods and paths, missing tokens, and bodies",
            RequestAttacks::requests),
        new Attack(
            "other-hosts",
            "a pod",
            "foreign Host headers, as in DNS rebinding, malformed ones, and none",
            RequestAttacks::hosts));
  }

  /** A pod, its neighbour of another service account, and the access key of each. */
  private record Two(EdgeMember edge, String own, String ownKey, String other, String otherKey) {

    static Two of(Target target, String namespace) throws InterruptedException {
      AttackPods pods =
          AttackPods.associated(target.mesh(), namespace, List.of("attacker", "victim"));
      EdgeMember edge = target.mesh().edge(1);
      String own = pods.token("attacker", "attacker-0", edge);
      String other = pods.token("victim", "victim-0", edge);
      Two two = new Two(edge, own, pods.served(edge, own), other, pods.served(edge, other));
      if (two.ownKey().equals(two.otherKey())) {
        throw new IllegalStateException("two service accounts share a session");
      }
      return two;
    }

    String authorization() {
      return "Authorization: " + own;
    }

    void serves(Tally tally) {
      tally.permits("each pod's own token", PodSocket.ask(edge, own), served(ownKey));
      tally.permits("its neighbour's too", PodSocket.ask(edge, other), served(otherKey));
    }
  }

  /** The edge serves the pod's own credentials, because it ignores the names. */
  private static void names(Target target, Tally tally) throws InterruptedException {
    Two two = Two.of(target, "names");
    two.serves(tally);
    for (String header :
        List.of(
            "X-Amz-Service-Account: victim",
            "X-Kubernetes-Service-Account: names/victim",
            "X-Forwarded-User: system:serviceaccount:names:victim",
            "X-Remote-User: system:serviceaccount:names:victim",
            "Impersonate-User: system:serviceaccount:names:victim",
            "X-Role-Arn: arn:aws:iam::123456789012:role/pods/names-victim",
            "X-Amz-Target: AmazonEKSAuth.AssumeRoleForPodIdentity",
            "X-Amz-Security-Token: " + two.other(),
            "X-Aws-Ec2-Metadata-Token: " + two.other(),
            "Proxy-Authorization: " + two.other(),
            "X-Authorization: " + two.other(),
            "Cookie: Authorization=" + two.other(),
            "Authorization_: " + two.other(),
            ": victim",
            "X-Forwarded-For: 10.0.0.2",
            "Forwarded: for=10.0.0.2;host=169.254.170.23",
            "X-Original-URL: /v1/credentials?serviceAccount=victim",
            "X-HTTP-Method-Override: POST",
            "Expect: nothing",
            "Range: bytes=0-10",
            "Connection: Authorization, close",
            // The first counts.
            "Authorization: " + two.other())) {
      tally.refuses(
          "the header " + header.substring(0, header.indexOf(':')) + " for the victim's",
          PodSocket.exchange(two.edge(), PodSocket.request(two.authorization(), header)),
          served(two.ownKey()));
    }
    for (String query :
        List.of(
            "?serviceAccount=victim",
            "?namespace=names&service-account=victim",
            "?roleArn=arn:aws:iam::123456789012:role/pods/names-victim",
            "?token=" + two.other(),
            "?Authorization=" + two.other(),
            "?pod=victim-0&uid=1",
            "?")) {
      tally.refuses(
          "the query " + query.substring(0, Math.min(query.length(), 12)) + " for the victim's",
          PodSocket.exchange(
              two.edge(),
              PodSocket.head(
                  "GET /v1/credentials" + query + " HTTP/1.1", HOST, two.authorization())),
          served(two.ownKey()));
    }
    two.serves(tally);
  }

  private static void requests(Target target, Tally tally) throws InterruptedException {
    Two two = Two.of(target, "requests");
    two.serves(tally);
    for (String method :
        List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "FOO", "get")) {
      tally.refuses(
          "the method " + method,
          PodSocket.exchange(
              two.edge(),
              PodSocket.head(method + " /v1/credentials HTTP/1.1", HOST, two.authorization())),
          refusal(405, INVALID_REQUEST));
    }
    tally.refuses(
        "the method HEAD, which is answered without a body",
        PodSocket.exchange(
            two.edge(), PodSocket.head("HEAD /v1/credentials HTTP/1.1", HOST, two.authorization())),
        reply -> reply.is(405));
    for (String path :
        List.of(
            "/",
            "*",
            "/v1",
            "/v1/",
            "/v1/credentials/",
            "/v1/credentials/names/victim",
            "//v1/credentials",
            "/./v1/credentials",
            "/v1/../v1/credentials",
            "/V1/CREDENTIALS",
            "/v1/credential%73",
            "/v1%2fcredentials",
            "/v1/credentials%00",
            "/v1/credentials%3f",
            "/v1/credentials;x=1",
            "/v1/credentials#x",
            "/v1\\credentials",
            "/v2/credentials",
            "v1/credentials",
            "/metrics",
            "/healthz",
            "/readyz",
            "/latest/meta-data/",
            "/latest/meta-data/iam/security-credentials/",
            "/clusters/local/assets",
            "https://127.0.0.1/v1/credentials",
            "ftp://127.0.0.1/v1/credentials",
            "127.0.0.1:80")) {
      tally.refuses(
          "the path " + path,
          PodSocket.exchange(
              two.edge(), PodSocket.head("GET " + path + " HTTP/1.1", HOST, two.authorization())),
          refusal(404, NOT_FOUND));
    }
    tally.refuses(
        "CONNECT through the edge",
        PodSocket.exchange(
            two.edge(),
            PodSocket.head("CONNECT 127.0.0.1:443 HTTP/1.1", HOST, two.authorization())),
        refusal(404, NOT_FOUND));
    for (String authorization : List.of("X: y", "Authorization:", "Authorization: Bearer ")) {
      tally.refuses(
          "no token: '" + authorization + "'",
          PodSocket.exchange(two.edge(), PodSocket.request(authorization)),
          refusal(400, INVALID_TOKEN));
    }
    tally.refuses(
        "a body",
        PodSocket.exchange(
            two.edge(), PodSocket.request(two.authorization(), "Content-Length: 2") + "{}"),
        refusal(413, INVALID_REQUEST));
    tally.refuses(
        "a body in chunks",
        PodSocket.exchange(
            two.edge(),
            PodSocket.request(two.authorization(), "Transfer-Encoding: chunked")
                + "2\r\n{}\r\n0\r\n\r\n"),
        refusal(413, INVALID_REQUEST));
    tally.refuses(
        "a body of a terabyte, which never comes",
        PodSocket.exchange(
            two.edge(), PodSocket.request(two.authorization(), "Content-Length: 1099511627776")),
        refusal(413, INVALID_REQUEST));
    two.serves(tally);
  }

  private static void hosts(Target target, Tally tally) throws InterruptedException {
    Two two = Two.of(target, "hosts");
    two.serves(tally);
    for (String host :
        List.of(
            "evil.example",
            "evil.example:80",
            "169.254.169.254",
            "169.254.170.2",
            "169.254.170.23.example",
            "127.0.0.1.example",
            "localhost.example",
            "localhost.",
            "127.0.0.1@evil.example",
            "evil.example@127.0.0.1",
            "user:pass@127.0.0.1",
            "0.0.0.0",
            "[::]",
            "10.0.0.1",
            "192.168.1.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "127.0.0.1:x",
            "127.0.0.1:80:80",
            "127.0.0.1,evil.example",
            "127.0.0.1 x",
            "[::1",
            "::1]",
            "[fd00:ec2::24]",
            "fd00:ec2::23%eth0",
            "http://127.0.0.1",
            "127.0.0.1/",
            "%31%32%37.0.0.1",
            "1".repeat(300),
            "")) {
      tally.refuses(
          "Host: " + host.substring(0, Math.min(host.length(), 40)),
          PodSocket.exchange(two.edge(), PodSocket.head(GET, "Host: " + host, two.authorization())),
          refusal(403, DENIED));
      if (!host.isEmpty() && host.matches("[a-z0-9.]+")) {
        tally.refuses(
            "absolute-form for " + host.substring(0, Math.min(host.length(), 40)),
            PodSocket.exchange(
                two.edge(),
                PodSocket.head(
                    "GET http://" + host + "/v1/credentials HTTP/1.1", HOST, two.authorization())),
            refusal(403, DENIED));
      }
    }
    tally.refuses(
        "HTTP/1.0 without a Host",
        PodSocket.exchange(
            two.edge(),
            PodSocket.head("GET /v1/credentials HTTP/1.0", "X: y", two.authorization())),
        refusal(403, DENIED));
    for (List<String> heads :
        List.of(
            List.of("X: y"),
            List.of(HOST, HOST),
            List.of(HOST, "Host: evil.example"),
            List.of("Host: evil.example", HOST),
            List.of(HOST, "host: 127.0.0.1", HOST))) {
      String rest = String.join("\r\n", heads.subList(1, heads.size()));
      tally.refuses(
          "not one Host: " + heads,
          PodSocket.exchange(
              two.edge(),
              rest.isEmpty()
                  ? PodSocket.head(GET, heads.getFirst(), two.authorization())
                  : PodSocket.head(GET, heads.getFirst(), rest, two.authorization())),
          refusal(400, INVALID_REQUEST));
    }
    for (String host :
        List.of("169.254.170.23", "169.254.170.23:80", "[fd00:ec2::23]", "localhost", "[::1]:80")) {
      tally.permits(
          "Host: " + host,
          PodSocket.exchange(two.edge(), PodSocket.head(GET, "Host: " + host, two.authorization())),
          served(two.ownKey()));
    }
    tally.permits(
        "absolute-form for the edge itself",
        PodSocket.exchange(
            two.edge(),
            PodSocket.head(
                "GET http://127.0.0.1/v1/credentials HTTP/1.1", HOST, two.authorization())),
        served(two.ownKey()));
    two.serves(tally);
  }
}
