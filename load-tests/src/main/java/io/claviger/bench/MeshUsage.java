package io.claviger.bench;

import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What the members of a mesh have done until now: processor time, and requests. */
final class MeshUsage {

  private static final String REQUESTS = "claviger_ingress_requests_total";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final LocalMesh mesh;

  MeshUsage(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** The processor time of all members of a kind, and of this process as {@code sts}. */
  Map<String, CpuUsage> cpu() {
    Map<String, CpuUsage> all = new TreeMap<>();
    mesh.brokers().forEach(broker -> add(all, "broker", broker.member()));
    mesh.edges().forEach(edge -> add(all, "edge", edge.member()));
    add(all, "kafka", mesh.kafka());
    all.put("sts", CpuUsage.of(ProcessHandle.current().pid()));
    return all;
  }

  /** What was taken since then. */
  Map<String, CpuUsage> cpuSince(Map<String, CpuUsage> before) {
    Map<String, CpuUsage> taken = new TreeMap<>();
    cpu()
        .forEach(
            (who, now) ->
                taken.put(who, now.since(before.getOrDefault(who, new CpuUsage(Map.of())))));
    return taken;
  }

  private static void add(Map<String, CpuUsage> all, String who, Member member) {
    if (member.isAlive()) {
      all.merge(who, CpuUsage.of(member.pid()), CpuUsage::plus);
    }
  }

  /**
   * The requests of edges that all brokers together have had.
   *
   * @throws MeshException when one does not say it
   */
  long requestsOfBrokers() {
    return mesh.brokers().stream()
        .filter(broker -> broker.member().isAlive())
        .mapToLong(broker -> requests(broker.metrics()))
        .sum();
  }

  private static long requests(URI metrics) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(metrics).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.split("[{ ]", 2)[0].equals(REQUESTS))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new MeshException(metrics + " does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted while " + metrics + " was asked", e);
    }
  }
}
