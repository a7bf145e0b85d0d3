package io.claviger.bench;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the members of a mesh have done until now: processor time, and what their meters count. */
final class MeshUsage {

  /** What is counted, by its meter: all of a meter's series together. */
  private static final Map<String, String> COUNTED =
      Map.of(
          "claviger_edge_flights_total", "flights",
          "claviger_edge_refreshes_total", "refreshes",
          "claviger_edge_syncs_total", "syncs",
          "claviger_edge_upstream_hedges_total", "hedges",
          "claviger_ingress_requests_total", "requests of brokers",
          "claviger_sts_open_wait_seconds_count", "openings",
          "claviger_owner_takeovers_total", "takeovers",
          "claviger_owner_asked_again_total", "owners asked again",
          "claviger_events_sent_total", "events");

  private final LocalMesh mesh;
  private final HttpClient http = HttpClient.newHttpClient();

  MeshUsage(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** Brokers and edges that run no more. */
  List<Member> ended() {
    return Stream.concat(
            mesh.brokers().stream().map(BrokerMember::member),
            mesh.edges().stream().map(EdgeMember::member))
        .filter(member -> !member.isAlive())
        .toList();
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

  /** How often edges and brokers did what costs: by meter, over all members. */
  Map<String, Long> counts() {
    Map<String, Long> all = new TreeMap<>();
    mesh.brokers().forEach(broker -> read(broker.member(), broker.metrics(), all));
    mesh.edges().forEach(edge -> read(edge.member(), edge.metrics(), all));
    return all;
  }

  private void read(Member member, URI metrics, Map<String, Long> all) {
    if (!member.isAlive()) {
      return;
    }
    try {
      http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofLines())
          .body()
          .forEach(
              line -> {
                String counted = COUNTED.get(line.split("[{ ]", 2)[0]);
                if (counted != null) {
                  double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
                  all.merge(counted, (long) value, Long::sum);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
