package io.claviger.attack;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.MeshPurpose;
import io.claviger.scenario.StubApiServer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Attacks a mesh, once or repeatedly, while other pods send requests. The effects of an attack stay
 * for the next one.
 */
public final class AttackRun implements AutoCloseable {

  /** Requests a second of other pods. */
  private static final int RATE = 50;

  private static final Duration BEFORE = Duration.ofSeconds(10);
  private static final Duration BEFORE_QUICK = Duration.ofMillis(500);

  /** The SDKs' total time for a container's credentials; a pod that waits longer has none. */
  private static final double LONGEST_MILLIS = 5_000;

  /** A process may still be busy with the effects of a flood. */
  private static final Duration READY_WITHIN = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(100);

  /** A shorter attack does not show how long other pods wait. */
  private static final Duration SHORTEST = Duration.ofSeconds(2);

  private static final Duration SHORTEST_QUICK = Duration.ofMillis(500);

  private final StubApiServer cluster;
  private final LocalMesh mesh;
  private final Target target;
  private final Bystanders bystanders;
  private final Map<String, Long> processes = new LinkedHashMap<>();

  private AttackRun(StubApiServer cluster, LocalMesh mesh, boolean quick)
      throws InterruptedException {
    this.cluster = cluster;
    this.mesh = mesh;
    this.target = new Target(mesh, quick, cluster, IssuedSecrets.of(mesh));
    this.bystanders = new Bystanders(mesh, RATE);
    members().forEach(member -> processes.put(member.name(), member.pid()));
  }

  /**
   * Starts a mesh and its cluster, and the other pods, which must not be affected.
   *
   * @param options at least two brokers and two edges
   * @param quick whether it runs for seconds, where it can be shorter
   * @param progress receives progress lines
   */
  public static AttackRun start(MeshOptions options, boolean quick, Consumer<String> progress)
      throws InterruptedException {
    if (options.brokers() < 2 || options.edges() < 2) {
      throw new MeshException("attacks need at least two brokers and two edges");
    }
    StubApiServer cluster = new StubApiServer();
    LocalMesh mesh = null;
    try {
      mesh =
          LocalMesh.start(
              cluster
                  .askedBy(options.withPurpose(MeshPurpose.of(quick)))
                  // Only a holder of a certificate of the mesh's authority then counts as an API
                  // server.
                  .withBrokerSetting(
                      "admission.client-ca",
                      options
                          .directory()
                          .resolve("tls")
                          .resolve("ca.pem")
                          .toAbsolutePath()
                          .toString()),
              progress);
      return new AttackRun(cluster, mesh, quick);
    } catch (RuntimeException | InterruptedException e) {
      close(cluster, mesh);
      throw e;
    }
  }

  private static void close(StubApiServer cluster, @Nullable LocalMesh mesh) {
    try {
      if (mesh != null) {
        mesh.close();
      }
    } finally {
      cluster.close();
    }
  }

  /** Runs the attack and returns its result. */
  public AttackResult run(Attack attack) throws InterruptedException {
    Instant quiet = Instant.now();
    TimeUnit.NANOSECONDS.sleep((target.quick() ? BEFORE_QUICK : BEFORE).toNanos());
    Instant begin = Instant.now();
    Tally tally = new Tally();
    try {
      attack.action().on(target, tally);
    } catch (RuntimeException | Error e) {
      tally.broken("the attack failed: " + e);
    }
    target.secrets().addAccessKeys();
    Duration shortest = target.quick() ? SHORTEST_QUICK : SHORTEST;
    long left = shortest.minus(Duration.between(begin, Instant.now())).toMillis();
    TimeUnit.MILLISECONDS.sleep(Math.max(0, left));
    Instant end = Instant.now();
    Bystanders.Fared before = fared(quiet, begin, tally);
    Bystanders.Fared during = fared(begin, end, tally);
    return new AttackResult(
        attack.name(),
        attack.who(),
        tally.tried(),
        tally.refused(),
        tally.permitted(),
        during.asked(),
        during.unserved(),
        before.p99(),
        during.p99(),
        broken(tally, during),
        tally.examples());
  }

  private Bystanders.Fared fared(Instant from, Instant to, Tally tally)
      throws InterruptedException {
    try {
      return bystanders.between(from, to);
    } catch (MeshException e) {
      tally.broken("there is no result of other pods: " + e);
      return new Bystanders.Fared(0, 0, 0);
    }
  }

  private List<String> broken(Tally tally, Bystanders.Fared during) {
    List<String> broken = new ArrayList<>();
    if (tally.refused() < tally.tried()) {
      broken.add(
          (tally.tried() - tally.refused())
              + " of "
              + tally.tried()
              + " inputs did not end as declared");
    }
    if (tally.broken() > tally.tried() - tally.refused()) {
      broken.add(
          (tally.broken() - tally.tried() + tally.refused()) + " other promises did not hold");
    }
    if (tally.tried() == 0 || tally.permitted() == 0) {
      broken.add("the attack proves nothing: no input was refused, or no valid one was permitted");
    }
    if (during.unserved() > 0 || during.asked() == 0) {
      broken.add(during.unserved() + " of " + during.asked() + " other pods were not served");
    }
    if (during.p99() > LONGEST_MILLIS) {
      broken.add("other pods waited longer than the SDKs' timeout");
    }
    members().map(this::notAsBefore).forEach(broken::addAll);
    return broken;
  }

  private Stream<Member> members() {
    return Stream.concat(
        Stream.of(mesh.kafka()),
        Stream.concat(
            mesh.brokers().stream().map(BrokerMember::member),
            mesh.edges().stream().map(EdgeMember::member)));
  }

  private List<String> notAsBefore(Member member) {
    if (!member.isAlive()) {
      return List.of(member.name() + " has ended");
    }
    return processes.getOrDefault(member.name(), 0L) == member.pid()
        ? notReady(member)
        : List.of(member.name() + " was restarted");
  }

  private List<String> notReady(Member member) {
    return Stream.concat(
            mesh.brokers().stream()
                .filter(broker -> broker.member().equals(member))
                .map(BrokerMember::management),
            mesh.edges().stream()
                .filter(edge -> edge.member().equals(member))
                .map(EdgeMember::probes))
        .filter(address -> !isReady(address))
        .map(address -> member.name() + " is not ready after the attack")
        .toList();
  }

  private static boolean isReady(HostPort management) {
    long late = System.nanoTime() + READY_WITHIN.toNanos();
    while (!isReadyNow(management)) {
      if (System.nanoTime() - late > 0) {
        return false;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    return true;
  }

  private static boolean isReadyNow(HostPort management) {
    try {
      return SearchedPlaces.get("http://" + management + "/readyz").statusCode() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      bystanders.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(cluster, mesh);
    }
  }
}
