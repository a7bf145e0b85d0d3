package io.claviger.bench;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeterReading;
import java.util.Map;
import java.util.TreeMap;

/** What the members of a mesh have done until now: processor time, and requests. */
final class MeshUsage {

  private static final String REQUESTS = "claviger_ingress_requests_total{";

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
  long requestsOfBrokers() throws InterruptedException {
    double requests =
        MeterReading.of(
            mesh.brokers().stream()
                .filter(broker -> broker.member().isAlive())
                .map(BrokerMember::metrics)
                .toList(),
            REQUESTS);
    if (Double.isNaN(requests)) {
      throw new MeshException("a broker does not say how many requests it has had");
    }
    return (long) requests;
  }
}
