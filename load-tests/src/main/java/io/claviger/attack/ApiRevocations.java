package io.claviger.attack;

import static io.claviger.attack.HttpReply.DENIED;
import static io.claviger.attack.HttpReply.NOT_FOUND;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Polling;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Revocations by keys with limited grants, and requests of revoked subjects. */
final class ApiRevocations {

  private static final String INVALID = "InvalidParameterException";
  private static final int OK = 200;
  private static final int FORBIDDEN = 403;
  private static final String NAMESPACE = LimitedKeys.NAMESPACE;
  private static final String POD = "pod";
  private static final String WORKLOAD = "workload";

  /** A tenth of a cluster's limit. */
  private static final int SHARE_OF_PODS = 20;

  private static final int SHARE = 100;
  private static final int AT_ONCE = 8;

  /** For every connected edge and every broker. */
  private static final Duration PROMISED = Duration.ofSeconds(1);

  private static final Duration RESTORED = Duration.ofSeconds(5);
  private static final Duration FIRST = Duration.ofSeconds(15);

  private ApiRevocations() {}

  static void elsewhere(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    LimitedKeys keys = LimitedKeys.register(mesh);
    ApiCaller own = keys.caller(LimitedKeys.OWN, mesh.broker(1));
    ApiCaller admin = ApiCaller.admin(mesh, mesh.broker(1));
    Map<String, String> subjects = new LinkedHashMap<>();
    subjects.put(ApiCaller.role("own-x"), "role");
    subjects.put(ApiCaller.role("admin"), "role");
    subjects.put("node-1", "node");
    subjects.put("attack-elsewhere/app", WORKLOAD);
    subjects.put("attack-own-2/app", WORKLOAD);
    subjects.put("attack-elsewhere/app-0", POD);
    subjects.put("9c3f4c4e-6e27-4d39-9e8b-0d3a5a1c2b11", POD);
    subjects.forEach(
        (name, kind) -> {
          tally.refuses(
              "revoking " + kind + " " + name,
              own.revoke(kind, name),
              reply -> reply.is(FORBIDDEN, DENIED));
          tally.refuses(
              "lifting " + kind + " " + name,
              own.restore(kind, name),
              reply -> reply.is(FORBIDDEN, DENIED));
        });
    malformed(tally, own);
    lifting(tally, own, keys.caller(LimitedKeys.READER, mesh.broker(1)), admin);
  }

  private static void malformed(Tally tally, ApiCaller own) {
    Map<String, String> subjects = new LinkedHashMap<>();
    subjects.put(NAMESPACE, WORKLOAD);
    subjects.put(NAMESPACE + "/a/b", WORKLOAD);
    subjects.put("/" + NAMESPACE + "/a", WORKLOAD);
    subjects.put(NAMESPACE + "/", WORKLOAD);
    subjects.put(NAMESPACE + "/a b", POD);
    subjects.put(NAMESPACE + "/a\nINJECTED", POD);
    subjects.put(NAMESPACE + "/*", WORKLOAD);
    subjects.put("x", "cluster");
    subjects.put("y", "");
    subjects.put("", POD);
    subjects.forEach(
        (name, kind) ->
            tally.refuses(
                "revoking an invalid " + kind + ": '" + name.strip() + "'",
                own.revoke(kind, name),
                // Some of these names have no definite namespace.
                reply -> reply.is(400, INVALID) || reply.is(FORBIDDEN, DENIED)));
  }

  private static void lifting(Tally tally, ApiCaller own, ApiCaller reader, ApiCaller admin) {
    String operators = NAMESPACE + "/by-operator";
    String taken = NAMESPACE + "/taken-over";
    String mine = NAMESPACE + "/mine";
    tally.permits("the operator revokes", admin.revoke(WORKLOAD, operators), it -> it.is(OK));
    tally.permits("a namespace's key revokes", own.revoke(WORKLOAD, taken), it -> it.is(OK));
    tally.permits("the operator takes over", admin.revoke(WORKLOAD, taken), it -> it.is(OK));
    tally.permits("a namespace's key revokes", own.revoke(WORKLOAD, mine), it -> it.is(OK));
    tally.permits("it repeats the operator's", own.revoke(WORKLOAD, operators), it -> it.is(OK));
    for (String name : List.of(operators, taken)) {
      tally.refuses(
          "lifting what the operator revoked",
          own.restore(WORKLOAD, name),
          reply -> reply.is(FORBIDDEN, DENIED));
    }
    tally.refuses(
        "lifting without a grant to revoke",
        reader.restore(WORKLOAD, mine),
        reply -> reply.is(FORBIDDEN, DENIED));
    tally.permits("lifting one's own", own.restore(WORKLOAD, mine), it -> it.is(OK));
    tally.refuses(
        "lifting what is not revoked",
        own.restore(WORKLOAD, mine),
        reply -> reply.is(404, NOT_FOUND));
    for (String name : List.of(operators, taken)) {
      tally.permits("the operator lifts", admin.restore(WORKLOAD, name), it -> it.is(OK));
    }
  }

  static void share(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    LimitedKeys keys = LimitedKeys.register(mesh);
    ApiCaller own = keys.caller(LimitedKeys.OWN, mesh.broker(1));
    ApiCaller admin = ApiCaller.admin(mesh, mesh.broker(1));
    beyond(tally, own, admin, POD, SHARE_OF_PODS);
    if (!target.quick()) {
      beyond(tally, own, admin, WORKLOAD, SHARE);
    }
  }

  private static void beyond(Tally tally, ApiCaller own, ApiCaller admin, String kind, int share)
      throws InterruptedException {
    List<String> names =
        IntStream.range(0, share).mapToObj(i -> NAMESPACE + "/share-" + i).toList();
    try {
      Together.each(
          names,
          AT_ONCE,
          tally,
          name ->
              tally.permits(
                  "a " + kind + " of its share", own.revoke(kind, name), it -> it.is(OK)));
      for (String more : List.of("one-more", "and-another")) {
        tally.refuses(
            "one above its " + share,
            own.revoke(kind, NAMESPACE + "/" + more),
            reply -> reply.is(400, "ResourceLimitExceededException"));
      }
      tally.permits(
          "the operator beside it", admin.revoke(kind, NAMESPACE + "/operators"), it -> it.is(OK));
      tally.permits(
          "the operator lifts it", admin.restore(kind, NAMESPACE + "/operators"), it -> it.is(OK));
    } finally {
      Together.each(
          names,
          AT_ONCE,
          tally,
          name -> tally.permits("lifting its share", own.restore(kind, name), it -> it.is(OK)));
    }
  }

  static void revoked(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    ApiCaller admin = ApiCaller.admin(mesh, mesh.broker(1));
    String namespace = "attack-revoked";
    HttpReply made = admin.create(namespace, "app", ApiCaller.role("revoked"));
    tally.permits("an association", made, it -> it.is(OK) || it.is(409));
    EdgeMember edge = mesh.edge(1);
    String pod = "app-0";
    String token = mesh.token(namespace, "app", pod, edge.node());
    Map<String, String> subjects = new LinkedHashMap<>();
    subjects.put("role", ApiCaller.role("revoked"));
    subjects.put(WORKLOAD, namespace + "/app");
    subjects.put(POD, namespace + "/" + pod);
    tally.permits(
        "what is not revoked",
        Polling.within(FIRST).until(() -> PodSocket.ask(edge, token), it -> it.is(OK)),
        reply -> reply.is(OK));
    for (Map.Entry<String, String> subject : subjects.entrySet()) {
      String kind = subject.getKey();
      tally.permits("revoking", admin.revoke(kind, subject.getValue()), it -> it.is(OK));
      try {
        byBrokers(mesh, tally, kind, token);
        for (int again = 0; again < 3; again++) {
          tally.refuses(
              "a revoked " + kind + " at an edge that has its session",
              Polling.within(PROMISED)
                  .until(() -> PodSocket.ask(edge, token), it -> it.is(FORBIDDEN)),
              reply -> reply.is(FORBIDDEN));
        }
      } finally {
        tally.permits("lifting", admin.restore(kind, subject.getValue()), it -> it.is(OK));
      }
      tally.permits(
          "what was lifted",
          Polling.within(RESTORED).until(() -> PodSocket.ask(edge, token), it -> it.is(OK)),
          reply -> reply.is(OK));
    }
    node(mesh, tally, admin, namespace);
  }

  /** Revokes a node without an edge; pods of the others go on. */
  private static void node(LocalMesh mesh, Tally tally, ApiCaller admin, String namespace)
      throws InterruptedException {
    String token = mesh.token(namespace, "app", "app-1", "attack-node");
    tally.permits("a node that is not revoked", admin.assume(token), it -> it.is(OK));
    tally.permits("revoking", admin.revoke("node", "attack-node"), it -> it.is(OK));
    byBrokers(mesh, tally, "node", token);
    tally.permits("lifting", admin.restore("node", "attack-node"), it -> it.is(OK));
    tally.permits("a node that was lifted", admin.assume(token), it -> it.is(OK));
  }

  private static void byBrokers(LocalMesh mesh, Tally tally, String kind, String token)
      throws InterruptedException {
    for (BrokerMember broker : mesh.brokers()) {
      ApiCaller caller = ApiCaller.admin(mesh, broker);
      tally.refuses(
          "a revoked " + kind + " at " + broker.member().name(),
          Polling.within(PROMISED).until(() -> caller.assume(token), it -> it.is(400)),
          reply -> reply.is(400, DENIED));
    }
  }
}
