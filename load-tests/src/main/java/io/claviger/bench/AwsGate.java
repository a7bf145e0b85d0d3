package io.claviger.bench;

import io.claviger.localmesh.LocalMesh;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The gate that AWS set for EKS Pod Identity: 5,000 pods created at 200 a second, one cold fetch
 * each, no second try, 99.9 % within a second. Several pods of each service account, on all edges.
 */
public final class AwsGate {

  private static final long PROMISED_MICROS = TimeUnit.SECONDS.toMicros(1);

  private final LocalMesh mesh;
  private final Size size;
  private final Consumer<String> report;
  private final MeshUsage usage;
  private final Accounts accounts;

  /**
   * How much.
   *
   * @param pods one request each
   * @param accounts service accounts, each with a role of its own
   * @param rate requests a second
   */
  public record Size(int pods, int accounts, int rate) {
    public Size {
      if (pods < 1 || accounts < 1 || rate < 1) {
        throw new IllegalArgumentException("pods, accounts and rate are at least 1");
      }
    }
  }

  /** For a mesh that is ready. */
  public AwsGate(LocalMesh mesh, Size size, Consumer<String> report) {
    this.mesh = mesh;
    this.size = size;
    this.report = report;
    this.usage = new MeshUsage(mesh);
    this.accounts = new Accounts(mesh);
  }

  /**
   * Makes the associations of a generation of service accounts.
   *
   * @param generation another has other service accounts
   */
  public void associate(String generation) {
    accounts.associate(generation, size.accounts());
  }

  /** The requests of a generation's pods, in the order in which they are sent. */
  public Path plan(String generation) {
    return accounts.onePodEach(generation, size.accounts(), generation, size.pods());
  }

  /** Sends a plan's requests. */
  public AwsGateResult pass(String name, Path plan) throws InterruptedException {
    try (LoadGenerator pods = LoadGenerator.start()) {
      mesh.sts().ledger().clear();
      Map<String, Long> countsBefore = usage.counts();
      Map<String, CpuUsage> cpuBefore = usage.cpu();
      LoadRun run = pods.run(plan, LoadShape.onNewConnections(size.rate(), size.pods()));
      AwsGateResult result = result(name, run, countsBefore, usage.cpuSince(cpuBefore));
      result.lines(size.pods(), size.accounts()).forEach(report);
      reportEnded();
      return result;
    }
  }

  private AwsGateResult result(
      String name, LoadRun run, Map<String, Long> countsBefore, Map<String, CpuUsage> used) {
    Map<Integer, Long> refused = new TreeMap<>(run.statuses());
    long served = taken(refused, 200);
    long broken = taken(refused, LoadConnection.BROKEN);
    long silent = taken(refused, LoadConnection.SILENT);
    Map<String, Double> millis = new TreeMap<>();
    for (double percent : new double[] {50, 99, 99.9}) {
      millis.put("p" + AwsGateResult.format(percent), run.within(percent));
    }
    Map<String, Long> counts = new TreeMap<>();
    usage
        .counts()
        .forEach((meter, now) -> counts.put(meter, now - countsBefore.getOrDefault(meter, 0L)));
    Map<String, Map<String, Long>> cpu = new TreeMap<>();
    used.forEach((who, taken) -> cpu.put(who, taken.millis()));
    return new AwsGateResult(
        name,
        served,
        refused,
        broken,
        run.requests() - run.micros().getCountBetweenValues(0, PROMISED_MICROS),
        silent,
        millis,
        mesh.sts().ledger().assumeRoleCalls(),
        counts,
        cpu);
  }

  private static long taken(Map<Integer, Long> statuses, int status) {
    Long count = statuses.remove(status);
    return count == null ? 0 : count;
  }

  private void reportEnded() {
    usage
        .ended()
        .forEach(
            member ->
                report.accept("         " + member.name() + " HAS ENDED: " + member.logFile()));
  }
}
