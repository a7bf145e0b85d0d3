package io.claviger.attack;

import static io.claviger.attack.HttpReply.DENIED;
import static io.claviger.attack.HttpReply.INVALID_TOKEN;
import static io.claviger.attack.HttpReply.refusal;
import static io.claviger.attack.HttpReply.served;

import io.claviger.broker.cli.ApiAccess;
import io.claviger.broker.cli.ExtensionsApi;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Polling;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.association.RevokedSubject.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Valid tokens of deleted or revoked pods. */
final class WithdrawnPodAttacks {

  private static final Duration DELETED_WITHIN = Duration.ofSeconds(5);
  private static final Duration REVOKED_WITHIN = Duration.ofSeconds(1);

  /** Longer, because other tests may use the same processors. */
  private static final Duration REVOKED_WITHIN_QUICK = Duration.ofSeconds(3);

  private static final Duration LIFTED_WITHIN = Duration.ofSeconds(5);
  private static final Duration WATCHED_WITHIN = Duration.ofSeconds(60);

  private WithdrawnPodAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "deleted-pods",
            "a deleted pod's token",
            "tokens of deleted pods, seen before or not, and of the pods that replace them",
            WithdrawnPodAttacks::deleted),
        new Attack(
            "revoked",
            "a revoked role, workload, node or pod",
            "old and new tokens of a revoked subject, at each edge",
            WithdrawnPodAttacks::revoked));
  }

  /** The last reply: the declared one if it came in time. */
  private static HttpReply within(
      Duration time, Supplier<HttpReply> ask, Predicate<HttpReply> declared)
      throws InterruptedException {
    HttpReply reply = Polling.within(time).until(ask::get, declared);
    // A request that was sent in time may have its answer later.
    return declared.test(reply) ? reply : ask.get();
  }

  private static void deleted(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    EdgeMember edge = mesh.edge(1);
    Predicate<HttpReply> gone = refusal(400, INVALID_TOKEN);
    awaitWatches(target);
    // A second run on the same mesh needs other pods, because deleted ones stay deleted.
    String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    String first = "web-0-" + run;
    String second = "web-1-" + run;
    String third = "web-2-" + run;
    for (boolean shared : List.of(true, false)) {
      String namespace = shared ? "deleted-shared" : "deleted-own";
      AttackPods pods =
          shared
              ? AttackPods.associated(mesh, namespace, List.of("web"))
              : AttackPods.associatedByPod(mesh, namespace, List.of("web"));
      List.of(first, second, third).forEach(pod -> target.cluster().create(namespace, pod));
      String seen = pods.token("web", first, edge);
      String neighbour = pods.token("web", second, edge);
      String unseen = pods.token("web", third, edge);
      String later = pods.token("web", first, edge);
      String own = pods.served(edge, seen);
      String neighbours = pods.served(edge, neighbour);
      tally.permits("a pod that is there", PodSocket.ask(edge, seen), served(own));
      target.cluster().delete(namespace, first);
      target.cluster().delete(namespace, third);
      for (String token : List.of(seen, unseen, later)) {
        tally.refuses(
            "a token of a deleted pod, "
                + (token.equals(seen) ? "served before" : "not seen before")
                + " in "
                + namespace,
            within(DELETED_WITHIN, () -> PodSocket.ask(edge, token), gone),
            gone);
        tally.refuses("the same once more", PodSocket.ask(edge, token), gone);
      }
      tally.permits("its neighbour", PodSocket.ask(edge, neighbour), served(neighbours));
      String unknown = named(pods, first, edge);
      tally.refuses(
          "a token of the same name whose pod the cluster does not have",
          within(DELETED_WITHIN, () -> PodSocket.ask(edge, unknown), gone),
          gone);
      String uid = UUID.randomUUID().toString();
      String successor = mesh.token(pods.request("web", first, edge).withPodUid(uid));
      target.cluster().replace(namespace, first, uid);
      tally.permits(
          "the pod of the same name that replaces it",
          within(DELETED_WITHIN, () -> PodSocket.ask(edge, successor), HttpReply::isServed),
          HttpReply::isServed);
      for (String token : List.of(seen, later, unknown, named(pods, first, edge))) {
        tally.refuses(
            "a token of the same name that is not the successor's, in " + namespace,
            PodSocket.ask(edge, token),
            gone);
      }
      tally.permits(
          "a neighbour that goes on afterwards",
          PodSocket.ask(edge, neighbour),
          served(neighbours));
    }
  }

  /** A token of a pod of that name, with a uid that the cluster does not have. */
  private static String named(AttackPods pods, String pod, EdgeMember edge) {
    return pods.mesh()
        .token(pods.request("web", pod, edge).withPodUid(UUID.randomUUID().toString()));
  }

  private static Duration revokedWithin(Target target) {
    return target.quick() ? REVOKED_WITHIN_QUICK : REVOKED_WITHIN;
  }

  private static void awaitWatches(Target target) throws InterruptedException {
    if (!Polling.within(WATCHED_WITHIN)
        .until(() -> target.cluster().watches() >= target.mesh().brokers().size())) {
      throw new IllegalStateException("brokers do not watch pods");
    }
  }

  private static void revoked(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    AttackPods pods = AttackPods.associated(mesh, "revoked", List.of("web", "other"));
    revoke(target, tally, pods, new RevokedSubject(Kind.ROLE, pods.role("web")), true, true);
    revoke(target, tally, pods, new RevokedSubject(Kind.WORKLOAD, "revoked/web"), true, true);
    revoke(target, tally, pods, new RevokedSubject(Kind.POD, "revoked/web-at-1"), false, false);
    revokeNode(target, tally, pods);
  }

  /** Revokes the node of the second edge; pods of the first go on. */
  private static void revokeNode(Target target, Tally tally, AttackPods pods)
      throws InterruptedException {
    LocalMesh mesh = target.mesh();
    Predicate<HttpReply> denied = refusal(403, DENIED);
    EdgeMember first = mesh.edge(1);
    EdgeMember second = mesh.edge(2);
    String elsewhere = pods.token("web", "web-at-1", first);
    String key = pods.served(first, elsewhere);
    RevokedSubject node = new RevokedSubject(Kind.NODE, second.node());
    List<String> tokens =
        List.of(
            pods.token("web", "web-at-2", second),
            pods.token("other", "other-at-2", second),
            pods.token("web", "web-new-node", second));
    pods.served(second, tokens.getFirst());
    try (ExtensionsApi api = api(mesh, mesh.broker(2))) {
      api.revoke(node);
      try {
        for (String token : tokens) {
          tally.refuses(
              "a pod of a revoked node",
              within(revokedWithin(target), () -> PodSocket.ask(second, token), denied),
              denied);
        }
        tally.permits(
            "the same service account on another node",
            PodSocket.ask(first, elsewhere),
            served(key));
      } finally {
        api.restore(node);
      }
    }
    tally.permits(
        "the node's pods, once that is lifted",
        within(LIFTED_WITHIN, () -> PodSocket.ask(second, tokens.getFirst()), HttpReply::isServed),
        HttpReply::isServed);
  }

  /** Revokes one subject. Its pods are refused and others go on; after lifting, all are served. */
  private static void revoke(
      Target target,
      Tally tally,
      AttackPods pods,
      RevokedSubject subject,
      boolean newPods,
      boolean everywhere)
      throws InterruptedException {
    LocalMesh mesh = target.mesh();
    Predicate<HttpReply> denied = refusal(403, DENIED);
    EdgeMember first = mesh.edge(1);
    EdgeMember second = mesh.edge(2);
    String token = pods.token("web", "web-at-1", first);
    String elsewhere = pods.token("web", "web-at-2", second);
    String other = pods.token("other", "other-0", first);
    String sibling = pods.token("web", "web-sibling", first);
    pods.served(first, token);
    pods.served(first, sibling);
    pods.served(second, elsewhere);
    String othersKey = pods.served(first, other);
    try (ExtensionsApi api = api(mesh, mesh.broker(1))) {
      api.revoke(subject);
      try {
        String what = subject.kind().text();
        tally.refuses(
            "a revoked " + what + ", from memory",
            within(revokedWithin(target), () -> PodSocket.ask(first, token), denied),
            denied);
        String again = pods.token("web", "web-at-1", first);
        tally.refuses(
            "a revoked " + what + " with a new token", PodSocket.ask(first, again), denied);
        if (!everywhere) {
          tally.permits(
              "the same service account's pod beside a revoked " + what,
              PodSocket.ask(first, sibling),
              HttpReply::isServed);
          tally.permits(
              "the same service account's pod at another node than a revoked " + what,
              PodSocket.ask(second, elsewhere),
              HttpReply::isServed);
        }
        if (everywhere) {
          tally.refuses(
              "a revoked " + what + " at another node",
              within(revokedWithin(target), () -> PodSocket.ask(second, elsewhere), denied),
              denied);
        }
        if (newPods) {
          String fresh = pods.token("web", "web-new-" + what, first);
          tally.refuses(
              "a revoked " + what + " with a new pod", PodSocket.ask(first, fresh), denied);
        }
        tally.permits(
            "others while a " + what + " is revoked",
            PodSocket.ask(first, other),
            served(othersKey));
      } finally {
        api.restore(subject);
      }
    }
    tally.permits(
        "the revoked subject, after the revocation is lifted",
        within(LIFTED_WITHIN, () -> PodSocket.ask(first, token), HttpReply::isServed),
        HttpReply::isServed);
  }

  private static ExtensionsApi api(LocalMesh mesh, BrokerMember broker) {
    return new ApiAccess(
            broker.endpoint(),
            mesh.options().cluster().name(),
            mesh.options().cluster().region(),
            Optional.empty(),
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(mesh.admin().id(), mesh.admin().secret())))
        .connectToExtensions();
  }
}
