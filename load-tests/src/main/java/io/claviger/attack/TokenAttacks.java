package io.claviger.attack;

import static io.claviger.attack.HttpReply.DENIED;
import static io.claviger.attack.HttpReply.EXPIRED_TOKEN;
import static io.claviger.attack.HttpReply.INVALID_REQUEST;
import static io.claviger.attack.HttpReply.INVALID_TOKEN;
import static io.claviger.attack.HttpReply.refusal;
import static io.claviger.attack.HttpReply.served;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.TokenRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Invalid tokens for this pod on this node, with every possible error. */
final class TokenAttacks {

  private static final String POD = "pod-0";
  private static final String NEIGHBOUR = "127.66.0.7";

  private TokenAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "tokens-forged",
            "a pod",
            "tokens that are unsigned, signed with another key, or altered",
            TokenAttacks::forged),
        new Attack(
            "tokens-misused",
            "a pod",
            "signed tokens with another audience, outside their validity, or without a pod",
            TokenAttacks::misused),
        new Attack(
            "tokens-garbage",
            "a pod",
            "strings that are not a token, and other encodings of a valid token",
            TokenAttacks::garbage),
        new Attack(
            "tokens-stolen",
            "a stolen pod token",
            "tokens of pods on other nodes, with another node name or node uid",
            TokenAttacks::stolen),
        new Attack(
            "neighbour-host",
            "a host beside a node",
            "tokens of other nodes' pods, from an address that no pod of the node has",
            TokenAttacks::neighbour));
  }

  /** The pod whose valid token is the basis of all others. */
  private record Victim(
      Target target, AttackPods pods, EdgeMember edge, String token, String accessKeyId) {

    static Victim of(Target target, String namespace) throws InterruptedException {
      AttackPods pods = AttackPods.associated(target.mesh(), namespace, List.of("web"));
      EdgeMember edge = target.mesh().edge(1);
      String token = pods.token("web", POD, edge);
      return new Victim(target, pods, edge, token, pods.served(edge, token));
    }

    TokenForge forge() {
      return new TokenForge(target, token);
    }

    /** The valid token is served before and after. */
    void serves(Tally tally) {
      tally.permits("the pod's own token", PodSocket.ask(edge, token), served(accessKeyId));
    }
  }

  /** Also checks that the answer contains no part of a token. */
  static void tries(
      Tally tally, EdgeMember edge, String input, String token, Predicate<HttpReply> declared) {
    HttpReply reply = PodSocket.ask(edge, token);
    tally.refuses(input, reply, declared);
    String end = token.substring(token.lastIndexOf('.') + 1);
    if (end.length() > 20
        && reply instanceof HttpReply.Answered(int status, String head, String body)) {
      if (body.contains(end.substring(0, 20))) {
        tally.broken("the answer " + status + " to '" + input + "' shows the token");
      }
    }
  }

  private static void forged(Target target, Tally tally) throws InterruptedException {
    Victim victim = Victim.of(target, "forged");
    victim.serves(tally);
    TokenForge forge = victim.forge();
    try (StrangersKeySet keys = new StrangersKeySet(forge.strangers())) {
      ForgedTokens.of(forge, keys.address())
          .forEach(
              forged ->
                  tries(tally, victim.edge(), forged.name(), forged.token(), forged.declared()));
      tally.refuses(
          "number of fetches of a key set that a token names", keys.fetched(), times -> times == 0);
      tally.permits("that key set can be fetched", keys.isServed(), served -> served);
    }
    victim.serves(tally);
  }

  private static void misused(Target target, Tally tally) throws InterruptedException {
    Victim victim = Victim.of(target, "misused");
    victim.serves(tally);
    MisusedTokens.of(victim.forge(), victim.edge().node())
        .forEach(
            misused ->
                tries(
                    tally,
                    victim.edge(),
                    misused.name(),
                    misused.token(),
                    refusal(misused.status(), misused.code())));
    TokenForge forge = victim.forge();
    tally.permits(
        "a token for other audiences too",
        PodSocket.ask(
            victim.edge(),
            forge.byIssuer(
                claims -> claims.getJsonArray("aud").add("https://kubernetes.default.svc"))),
        served(victim.accessKeyId()));
    tally.permits(
        "a token whose node has no uid",
        PodSocket.ask(
            victim.edge(),
            forge.byIssuer(
                claims ->
                    claims.getJsonObject("kubernetes.io").getJsonObject("node").remove("uid"))),
        served(victim.accessKeyId()));
    victim.serves(tally);
  }

  private static void garbage(Target target, Tally tally) throws InterruptedException {
    Victim victim = Victim.of(target, "garbage");
    victim.serves(tally);
    GarbageTokens.of(victim.token())
        .forEach(
            (name, token) -> tries(tally, victim.edge(), name, token, refusal(400, INVALID_TOKEN)));
    GarbageTokens.tooLong(victim.token())
        .forEach(
            (name, token) ->
                tries(tally, victim.edge(), name, token, refusal(431, INVALID_REQUEST)));
    tally.permits(
        "the token behind the word Bearer",
        PodSocket.ask(victim.edge(), "Bearer " + victim.token()),
        served(victim.accessKeyId()));
    victim.serves(tally);
  }

  private static void stolen(Target target, Tally tally) throws InterruptedException {
    Victim victim = Victim.of(target, "stolen");
    EdgeMember other = target.mesh().edge(2);
    TokenForge forge = victim.forge();
    victim.serves(tally);
    tries(tally, other, "a token of another node's pod", victim.token(), refusal(403, DENIED));
    tries(
        tally,
        other,
        "the same again, after a possible cached answer",
        victim.token(),
        refusal(403, DENIED));
    String unseen = victim.pods().token("web", "pod-1", victim.edge());
    tries(tally, other, "one that its own node has not seen", unseen, refusal(403, DENIED));
    tally.permits(
        "that one at its own node",
        PodSocket.ask(victim.edge(), unseen),
        served(victim.accessKeyId()));
    TokenRequest unbound = victim.pods().request("web", "pod-2", victim.edge()).withoutNode();
    tries(
        tally,
        other,
        "a token without a node, whose pod is on another one",
        target.mesh().token(unbound),
        refusal(403, DENIED));
    tally.permits(
        "a token without a node at the pod's own",
        PodSocket.ask(victim.edge(), target.mesh().token(unbound)),
        served(victim.accessKeyId()));
    for (String node : List.of("node-2", "node-10", "node-1.", "NODE-1", "node-1 ", "node")) {
      tries(
          tally,
          victim.edge(),
          "a token of a pod on '" + node + "'",
          forge.byIssuer(
              claims ->
                  claims.getJsonObject("kubernetes.io").getJsonObject("node").put("name", node)),
          refusal(403, DENIED));
    }
    tries(
        tally,
        victim.edge(),
        "a token of a node that had this one's name before",
        forge.byIssuer(
            claims ->
                claims
                    .getJsonObject("kubernetes.io")
                    .getJsonObject("node")
                    .put("uid", "5f9c2c1e-0000-4000-8000-000000000000")),
        refusal(403, DENIED));
    tries(
        tally,
        other,
        "a stolen token that is also expired",
        target
            .mesh()
            .token(
                victim.pods().request("web", POD, victim.edge()).withLife(Duration.ofMinutes(-1))),
        refusal(400, EXPIRED_TOKEN));
    victim.serves(tally);
  }

  private static void neighbour(Target target, Tally tally) throws InterruptedException {
    Victim victim = Victim.of(target, "neighbour");
    EdgeMember other = target.mesh().edge(2);
    for (String host : List.of("169.254.170.23", "[fd00:ec2::23]", "127.0.0.1", "localhost:80")) {
      String request =
          PodSocket.head(
              "GET /v1/credentials HTTP/1.1", "Host: " + host, "Authorization: " + victim.token());
      tally.refuses(
          "a token of a pod of its own node, at a node beside it, for " + host,
          PodSocket.exchange(other, NEIGHBOUR, request),
          refusal(403, DENIED));
      tally.permits(
          "a pod's own token from any address, for " + host,
          PodSocket.exchange(victim.edge(), NEIGHBOUR, request),
          served(victim.accessKeyId()));
    }
    for (String host : List.of("10.0.0.1", "192.168.0.10", "127.0.0.1.example", "node-1")) {
      tally.refuses(
          "a pod's own token at the node's address on the network, " + host,
          PodSocket.exchange(
              victim.edge(),
              NEIGHBOUR,
              PodSocket.head(
                  "GET /v1/credentials HTTP/1.1",
                  "Host: " + host,
                  "Authorization: " + victim.token())),
          refusal(403, DENIED));
    }
  }
}
