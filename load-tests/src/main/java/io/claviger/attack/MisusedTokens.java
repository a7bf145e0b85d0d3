package io.claviger.attack;

import static io.claviger.attack.HttpReply.DENIED;
import static io.claviger.attack.HttpReply.EXPIRED_TOKEN;
import static io.claviger.attack.HttpReply.INVALID_TOKEN;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tokens with the cluster's valid signature that are not valid for a pod's credentials, or not now.
 *
 * @param name what is wrong
 * @param token as it is sent
 * @param status the declared status
 * @param code the declared code
 */
record MisusedTokens(String name, String token, int status, String code) {

  private static final String KUBERNETES = "kubernetes.io";

  /** All kinds, for an edge of this node. */
  static List<MisusedTokens> of(TokenForge forge, String node) {
    List<MisusedTokens> all = new ArrayList<>();
    audiences(forge, all);
    issuers(forge, all);
    times(forge, all);
    subjects(forge, all, node);
    return all;
  }

  private static void audiences(TokenForge forge, List<MisusedTokens> all) {
    for (Object audience :
        List.of(
            "https://kubernetes.default.svc",
            "sts.amazonaws.com",
            "claviger-broker",
            "pods.eks.amazonaws.com.example",
            "PODS.EKS.AMAZONAWS.COM",
            "pods.eks.amazonaws.com ",
            "*",
            "",
            new JsonArray(),
            new JsonArray().add("a").add("b"))) {
      all.add(
          new MisusedTokens(
              "audience '" + audience + "'",
              forge.byIssuer(claims -> claims.put("aud", audience)),
              403,
              DENIED));
    }
    all.add(
        new MisusedTokens(
            "no audience", forge.byIssuer(claims -> claims.remove("aud")), 403, DENIED));
  }

  private static void issuers(TokenForge forge, List<MisusedTokens> all) {
    for (String issuer :
        List.of(
            "https://other-cluster.test",
            "https://issuer.local.test/",
            "http://issuer.local.test",
            "HTTPS://ISSUER.LOCAL.TEST",
            "https://issuer.local.test.example",
            "kubernetes/serviceaccount",
            "")) {
      all.add(
          new MisusedTokens(
              "issuer '" + issuer + "'",
              forge.byIssuer(claims -> claims.put("iss", issuer)),
              400,
              INVALID_TOKEN));
    }
    all.add(invalid("no issuer", forge, claims -> claims.remove("iss")));
    all.add(
        new MisusedTokens(
            "another cluster's issuer and key",
            forge.byStranger(
                head -> head.put("kid", "other-cluster"),
                claims -> claims.put("iss", "https://other-cluster.test")),
            400,
            INVALID_TOKEN));
  }

  private static void times(TokenForge forge, List<MisusedTokens> all) {
    long now = Instant.now().getEpochSecond();
    for (long end : List.of(now - 1, now - 60, now - 86_400, 0L, -1L)) {
      all.add(
          new MisusedTokens(
              "ended at " + end + ", it is " + now,
              forge.byIssuer(claims -> claims.put("exp", end)),
              400,
              EXPIRED_TOKEN));
    }
    all.add(invalid("without an expiry", forge, claims -> claims.remove("exp")));
    all.add(invalid("an expiry that is a text", forge, claims -> claims.put("exp", "tomorrow")));
    all.add(invalid("an expiry in a list", forge, claims -> claims.put("exp", new JsonArray())));
    all.add(invalid("valid in five minutes", forge, claims -> claims.put("nbf", now + 300)));
    all.add(invalid("issued in five minutes", forge, claims -> claims.put("iat", now + 300)));
    all.add(
        invalid("valid in a century", forge, claims -> claims.put("nbf", now + 3_153_600_000L)));
  }

  private static void subjects(TokenForge forge, List<MisusedTokens> all, String node) {
    all.add(
        invalid(
            "of a service account and no pod (a legacy Secret's)",
            forge,
            claims -> claims.getJsonObject(KUBERNETES).remove("pod")));
    all.add(invalid("without Kubernetes' claim", forge, claims -> claims.remove(KUBERNETES)));
    all.add(invalid("Kubernetes' claim a text", forge, claims -> claims.put(KUBERNETES, node)));
    for (String kind : List.of("pod", "serviceaccount")) {
      for (String member : List.of("name", "uid")) {
        if (kind.equals("serviceaccount") && member.equals("uid")) {
          continue;
        }
        String what = "the " + kind + "'s " + member;
        all.add(invalid("without " + what, forge, claims -> named(claims, kind).remove(member)));
        all.add(invalid(what + " empty", forge, claims -> named(claims, kind).put(member, "")));
        all.add(invalid(what + " a blank", forge, claims -> named(claims, kind).put(member, " ")));
        all.add(invalid(what + " a number", forge, claims -> named(claims, kind).put(member, 1)));
      }
      all.add(
          invalid(
              "the " + kind + " a text",
              forge,
              claims -> claims.getJsonObject(KUBERNETES).put(kind, "name")));
    }
    for (String subject :
        List.of(
            "system:serviceaccount:other:web",
            "system:serviceaccount:misused:other",
            "system:serviceaccount:misused:web ",
            "system:serviceaccount:misused:",
            "system:node:" + node,
            "system:admin",
            "")) {
      all.add(invalid("subject '" + subject + "'", forge, claims -> claims.put("sub", subject)));
    }
    all.add(invalid("without a subject", forge, claims -> claims.remove("sub")));
    all.add(
        invalid(
            "of a namespace that its subject does not name",
            forge,
            claims -> claims.getJsonObject(KUBERNETES).put("namespace", "bystanders")));
    all.add(
        invalid(
            "of a service account that its subject does not name",
            forge,
            claims -> named(claims, "serviceaccount").put("name", "one")));
  }

  private static MisusedTokens invalid(String name, TokenForge forge, Consumer<JsonObject> change) {
    return new MisusedTokens(name, forge.byIssuer(change), 400, INVALID_TOKEN);
  }

  private static JsonObject named(JsonObject claims, String kind) {
    return claims.getJsonObject(KUBERNETES).getJsonObject(kind);
  }
}
