package io.claviger.bench;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeterReading;
import java.util.Map;
import java.util.TreeMap;

/** Processor time of a mesh's processes, and numbers of requests, so far. */
final class MeshUsage {

  private static final String REQUESTS = "claviger_ingress_requests_total{";

  private final LocalMesh mesh;

  MeshUsage(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** The processor time of all processes by kind, and of this process as {@code sts}. */
  Map<String, CpuUsage> cpu() {
    Map<String, CpuUsage> all = new TreeMap<>();
    mesh.brokers().forEach(broker -> add(all, "broker", broker.member()));
    mesh.edges().forEach(edge -> add(all, "edge", edge.member()));
    add(all, "kafka", mesh.kafka());
    all.put("sts", CpuUsage.of(ProcessHandle.current().pid()));
    return all;
  }

  /** The processor time since then. */
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
   * The number of edges' requests to all brokers.
   *
   * @throws MeshException when a broker's meter cannot be read
   */
  long requestsOfBrokers() throws InterruptedException {
    double requests =
        MeterReading.of(
            mesh.brokers().stream()
                .filter(broker -> broker.member().isAlive())
                .map(BrokerMember::metrics)
                .toList(),
            REQUESTS);
    if (Double.isNaN(requests)) {
      throw new MeshException("cannot read a broker's meter of requests");
    }
    return (long) requests;
  }
}
