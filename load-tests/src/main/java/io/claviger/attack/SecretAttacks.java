package io.claviger.attack;

import static io.claviger.attack.HttpReply.DENIED;
import static io.claviger.attack.HttpReply.EXPIRED_TOKEN;
import static io.claviger.attack.HttpReply.NOT_FOUND;
import static io.claviger.attack.HttpReply.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.attack.IssuedSecrets.Secret;
import io.claviger.attack.SearchedPlaces.Place;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.Polling;
import io.claviger.localmesh.PrivateFiles;
import io.claviger.stsfake.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Searches everything that a mesh has written for every secret that it has received or issued,
 * including those of earlier attacks. In each place the search must also find a text that is no
 * secret.
 */
final class SecretAttacks {

  /** The name of the search of everything except heaps. */
  static final String SECRETS = "secrets";

  private static final String READER = "a reader of the mesh's output";
  private static final int PODS = 10;
  private static final Duration DELETED_WITHIN = Duration.ofSeconds(10);

  /** Rendered answers stay in memory for ten seconds after the last request. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(15);

  private static final Duration DUMP = Duration.ofSeconds(60);

  private SecretAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            SECRETS,
            READER,
            "every secret, in logs, files, Kafka records, metrics and API responses",
            SecretAttacks::written),
        new Attack(
            "secrets-in-heap",
            READER,
            "deleted pods' secrets and rejected tokens, in an edge's heap",
            SecretAttacks::heap));
  }

  private static void written(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    AttackPods pods = AttackPods.associated(mesh, SECRETS, List.of("web"));
    EdgeMember edge = mesh.edge(1);
    String accessKeyId = pods.served(edge, pods.token("web", "web-0", edge));
    awaitEvent(mesh, accessKeyId);
    List<Secret> secrets = target.secrets().all();
    ByteSearch search = new ByteSearch(secrets);
    new SearchedPlaces(mesh)
        .all(accessKeyId, pods.role("web"))
        .forEach(place -> search(tally, place, search, secrets.size()));
  }

  /** Edges report served credentials within seconds. */
  private static void awaitEvent(LocalMesh mesh, String accessKeyId) throws InterruptedException {
    ByteSearch planted = new ByteSearch(List.of(new Secret("a key id", accessKeyId)));
    Polling.within(DELETED_WITHIN)
        .until(() -> !planted.in(new SearchedPlaces(mesh).events()).isEmpty());
  }

  private static void search(Tally tally, Place place, ByteSearch search, int secrets) {
    String where = "%s, %,d bytes".formatted(place.name(), place.bytes().length);
    tally.permits(
        where + ": '" + place.planted() + "' found",
        contains(place.bytes(), place.planted()),
        Boolean::booleanValue);
    tally.refuses(
        where + ": of " + secrets + " secrets", byKind(search.in(place.bytes())), Map::isEmpty);
  }

  private static Map<String, Long> byKind(Collection<Secret> found) {
    return found.stream()
        .collect(Collectors.groupingBy(Secret::kind, TreeMap::new, Collectors.counting()));
  }

  private static boolean contains(byte[] bytes, String planted) {
    byte[] wanted = planted.getBytes(UTF_8);
    return IntStream.rangeClosed(0, bytes.length - wanted.length)
        .anyMatch(
            from ->
                bytes[from] == wanted[0]
                    && Arrays.equals(bytes, from, from + wanted.length, wanted, 0, wanted.length));
  }

  private static void heap(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    EdgeMember edge = mesh.edge(1);
    List<Secret> gone = new ArrayList<>();
    AttackPods own = AttackPods.associatedByPod(mesh, "heap-own", List.of("web"));
    List<String> tokens = new ArrayList<>();
    // A second run on the same mesh needs other pods, because deleted ones stay deleted.
    String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    for (int number = 0; number < PODS; number++) {
      String pod = "web-" + run + "-" + number;
      target.cluster().create(own.namespace(), pod);
      String token = own.token("web", pod, edge);
      String accessKeyId = own.served(edge, token);
      tokens.add(token);
      gone.add(new Secret("a token of a deleted pod", token));
      session(mesh, accessKeyId)
          .forEach(
              secret -> gone.add(new Secret(secret.kind() + " of a deleted pod", secret.text())));
    }
    refusedTokens(target, edge, own)
        .forEach(
            (token, why) -> {
              TokenAttacks.tries(tally, edge, why.kind(), token, refusal(why.status(), why.code()));
              gone.add(new Secret(why.kind(), token));
            });
    AttackPods living = AttackPods.associated(mesh, "heap-living", List.of("web"));
    String accessKeyId = living.served(edge, living.token("web", "web-0", edge));
    for (int number = 0; number < PODS; number++) {
      target.cluster().delete(own.namespace(), "web-" + run + "-" + number);
    }
    for (String token : tokens) {
      awaitRefused(edge, token);
    }
    TimeUnit.NANOSECONDS.sleep(FORGOTTEN.toNanos());
    Place place = new Place("heap of " + edge.member().name(), dump(mesh, edge), "heap-living");
    tally.permits(
        "the data of a living pod is found, so that of deleted ones would be",
        new ByteSearch(session(mesh, accessKeyId)).in(place.bytes()).size(),
        found -> found == 2);
    tally.permits(
        "a name is found", contains(place.bytes(), place.planted()), Boolean::booleanValue);
    byEachKind(gone)
        .forEach(
            (kind, secrets) ->
                tally.refuses(
                    "%s, of %d: %s".formatted(place.name(), secrets.size(), kind),
                    new ByteSearch(secrets).in(place.bytes()).size(),
                    found -> found == 0));
  }

  private static Map<String, List<Secret>> byEachKind(List<Secret> secrets) {
    return secrets.stream()
        .collect(Collectors.groupingBy(Secret::kind, TreeMap::new, Collectors.toList()));
  }

  /**
   * The reason for which a token is refused.
   *
   * @param kind of the token
   * @param status the declared status
   * @param code the declared code
   */
  private record Refused(String kind, int status, String code) {}

  /** The cluster's own tokens that are refused, by reason. */
  private static Map<String, Refused> refusedTokens(
      Target target, EdgeMember edge, AttackPods pods) {
    EdgeMember other = target.mesh().edge(2);
    AttackPods strangers = new AttackPods(target.mesh(), "heap-strangers");
    Map<String, Refused> refused = new TreeMap<>();
    for (int number = 0; number < PODS; number++) {
      String pod = "refused-" + number;
      refused.put(
          pods.token("web", pod, other), new Refused("a token of another node's pod", 403, DENIED));
      refused.put(
          target.mesh().token(pods.request("web", pod, edge).withLife(Duration.ofMinutes(-1))),
          new Refused("a token that has expired", 400, EXPIRED_TOKEN));
      refused.put(
          target.mesh().token(pods.request("web", pod, edge).withAudiences("another")),
          new Refused("a token for another audience", 403, DENIED));
      refused.put(
          strangers.token("web", pod, edge),
          new Refused("a token of a pod whose service account has no role", 404, NOT_FOUND));
    }
    return refused;
  }

  private static List<Secret> session(LocalMesh mesh, String accessKeyId) {
    SigningKey key =
        mesh.sts().keys().stream()
            .filter(one -> one.accessKeyId().equals(accessKeyId))
            .findAny()
            .orElseThrow(() -> new MeshException("an edge serves a session that is not from STS"));
    return IssuedSecrets.ofSession(key);
  }

  private static void awaitRefused(EdgeMember edge, String token) throws InterruptedException {
    if (!Polling.within(DELETED_WITHIN).until(() -> !PodSocket.ask(edge, token).isServed())) {
      throw new MeshException("a deleted pod was served");
    }
  }

  /**
   * The reachable objects of the heap, after a collection. The file is deleted when this returns.
   */
  private static byte[] dump(LocalMesh mesh, EdgeMember edge) throws InterruptedException {
    Path file = mesh.options().directory().resolve("edge.hprof");
    PrivateFiles.delete(file);
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  "" + edge.member().pid(),
                  "GC.heap_dump",
                  file.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (!jcmd.waitFor(DUMP.toSeconds(), TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
          throw new MeshException("jcmd does not dump an edge's heap");
        }
        return Files.readAllBytes(file);
      } finally {
        jcmd.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot dump an edge's heap; use a JDK", e);
    } finally {
      PrivateFiles.delete(file);
    }
  }
}
