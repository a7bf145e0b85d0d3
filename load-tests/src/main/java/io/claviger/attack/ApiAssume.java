package io.claviger.attack;

import static io.claviger.attack.HttpReply.DENIED;
import static io.claviger.attack.HttpReply.EXPIRED_TOKEN;
import static io.claviger.attack.HttpReply.INVALID_TOKEN;
import static io.claviger.attack.HttpReply.NOT_FOUND;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.TokenRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests for credentials that a key may not get, or not with that token. */
final class ApiAssume {

  private static final int OK = 200;
  private static final int FORBIDDEN = 403;

  /** The status in the EKS Auth API's model. */
  private static final int FORBIDDEN_TO_ASSUME = 400;

  private static final String ELSEWHERE = "attack-elsewhere";
  private static final String NODE = "node-1";

  private ApiAssume() {}

  static void assume(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    LimitedKeys keys = LimitedKeys.register(mesh);
    keys.caller(LimitedKeys.OWN, mesh.broker(1)).associate(LimitedKeys.NAMESPACE, "own-app");
    ApiCaller.admin(mesh, mesh.broker(1)).associate(ELSEWHERE, "app");
    TokenRequest pod = TokenRequest.ofPod(LimitedKeys.NAMESPACE, "own-app", "app-0", NODE);
    Map<String, String> invalid = new LinkedHashMap<>();
    invalid.put("another key", mesh.issuer().impostor().token(pod));
    invalid.put("another issuer", mesh.issuer().named("https://other.test").token(pod));
    invalid.put("another audience", mesh.token(pod.withAudiences("sts.amazonaws.com")));
    invalid.put("an edge's audience", mesh.token(pod.withAudiences("claviger-broker")));
    invalid.put("a truncated signature", cut(mesh.token(pod)));
    invalid.put("no token in it", "a.b.c");
    for (BrokerMember broker : mesh.brokers()) {
      ApiCaller own = keys.caller(LimitedKeys.OWN, broker);
      invalid.forEach(
          (name, token) ->
              tally.refuses(
                  "a token with " + name,
                  own.assume(token),
                  reply -> reply.is(400, INVALID_TOKEN)));
      tally.refuses(
          "an expired token",
          own.assume(mesh.token(pod.withLife(Duration.ofMinutes(-10)))),
          reply -> reply.is(400, EXPIRED_TOKEN));
      tally.refuses(
          "a pod of another namespace",
          own.assume(mesh.token(ELSEWHERE, "app", "app-0", NODE)),
          reply -> reply.is(FORBIDDEN_TO_ASSUME, DENIED));
      tally.refuses(
          "a pod without an association",
          own.assume(mesh.token(LimitedKeys.NAMESPACE, "nobody", "app-0", NODE)),
          reply -> reply.is(404, NOT_FOUND));
      ApiCaller agent = keys.caller(LimitedKeys.AGENT, broker);
      tally.refuses(
          "a node's agent, of another node's pod",
          agent.assume(mesh.token(LimitedKeys.NAMESPACE, "own-app", "app-0", "node-2")),
          reply -> reply.is(FORBIDDEN_TO_ASSUME, DENIED));
      tally.permits("a node's agent, of its pod", agent.assume(mesh.token(pod)), it -> it.is(OK));
      tally.permits("a pod of its own namespace", own.assume(mesh.token(pod)), it -> it.is(OK));
    }
    bodies(keys.caller(LimitedKeys.OWN, mesh.broker(1)), tally);
  }

  private static String cut(String token) {
    return token.substring(0, token.length() - 20);
  }

  private static void bodies(ApiCaller own, Tally tally) {
    ApiCaller auth = own.withScope(own.region(), "eks-auth");
    String path = own.path("/assume-role-for-pod-identity");
    for (String body :
        List.of(
            "",
            "{}",
            "[]",
            "{\"token\":7}",
            "{\"token\":null}",
            "{\"token\":\"\"}",
            "{\"token\":\"no dots\"}",
            "{\"token\":\"a.b.c\",\"role\":\"admin\"}",
            "{\"token\":\"" + "a".repeat(32_760) + ".b.c.d\"}")) {
      tally.refuses(
          "a body of " + body.length() + " characters that is no valid request",
          auth.call(ApiRequest.post(path, body)),
          reply -> reply.is(400, "InvalidParameterException"));
    }
    tally.refuses(
        "signed for EKS",
        own.call(ApiRequest.post(path, "{\"token\":\"a.b.c\"}")),
        reply -> reply.is(FORBIDDEN, "InvalidSignatureException"));
  }
}
