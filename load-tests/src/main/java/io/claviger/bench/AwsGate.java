package io.claviger.bench;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.PrivateFiles;
import io.claviger.localmesh.TokenRequest;
import io.claviger.stsfake.Principal;
import io.claviger.stsfake.SigningKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * The gate that AWS set for EKS Pod Identity: 5,000 pods created at 200 a second, one cold fetch
 * each, no second try, 99.9 % within a second. Several pods of each service account, on all edges.
 */
public final class AwsGate {

  private static final String NAMESPACE = "gate";
  private static final String ROLE = "arn:aws:iam::%s:role/pods/%s-%d";
  private static final long PROMISED_MICROS = TimeUnit.SECONDS.toMicros(1);
  private static final int STS_CALLS = 3_000;

  private final LocalMesh mesh;
  private final Size size;
  private final Consumer<String> report;
  private final MeshUsage usage;

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
  }

  /** Has STS answer some thousand calls: the real one is warm, however new the mesh is. */
  public void warmSts() {
    String account = mesh.options().cluster().account();
    SigningKey key =
        mesh.sts().register(Principal.session("arn:aws:iam::" + account + ":role/gate", "gate"));
    try (StsClient client =
        StsClient.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(mesh.sts().endpoint())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build()) {
      for (int i = 0; i < STS_CALLS; i++) {
        String role = ROLE.formatted(account, "warm-up", i);
        client.assumeRole(
            call ->
                call.roleArn(role)
                    .roleSessionName("gate")
                    .tags(Tag.builder().key("warm").value("up").build()));
      }
    }
  }

  /**
   * Makes the associations of a generation of service accounts.
   *
   * @param generation another has other service accounts
   */
  public void associate(String generation) {
    StringBuilder manifest = new StringBuilder();
    for (int i = 0; i < size.accounts(); i++) {
      manifest.append(
          """
          ---
          apiVersion: claviger.io/v1alpha1
          kind: PodIdentityAssociation
          metadata: {name: %1$s-%2$d, namespace: %3$s}
          spec: {serviceAccount: %1$s-%2$d, roleArn: "%4$s"}
          """
              .formatted(
                  generation,
                  i,
                  NAMESPACE,
                  ROLE.formatted(mesh.options().cluster().account(), generation, i)));
    }
    mesh.apply(write("gate-" + generation + ".yaml", manifest.toString()));
  }

  /** The requests of a generation's pods, in the order in which they are sent. */
  public Path plan(String generation) {
    List<EdgeMember> edges = mesh.edges();
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < size.pods(); i++) {
      int account = i % size.accounts();
      EdgeMember edge = edges.get((i + i / size.accounts()) % edges.size());
      String token =
          mesh.token(
              TokenRequest.ofPod(
                  NAMESPACE, generation + "-" + account, generation + "-pod-" + i, edge.node()));
      requests.add(edge.listen().port() + " " + token);
    }
    Collections.shuffle(requests, new Random(1));
    return write("gate-" + generation + ".plan", String.join("\n", requests));
  }

  /** Sends a plan's requests. */
  public AwsGateResult pass(String name, Path plan) throws InterruptedException {
    mesh.sts().ledger().clear();
    Map<String, Long> countsBefore = usage.counts();
    Histogram micros = new Histogram(3);
    Map<Integer, Long> statuses = new TreeMap<>();
    Map<String, CpuUsage> before = new TreeMap<>();
    try (LoadGenerator pods =
        LoadGenerator.start(
            plan,
            size.rate(),
            size.pods(),
            line -> {
              if (before.isEmpty()) {
                before.putAll(usage.cpu());
              }
              micros.recordValue(line.micros());
              statuses.merge(line.status(), 1L, Long::sum);
            })) {
      pods.await();
    }
    AwsGateResult result = result(name, statuses, micros, countsBefore, before);
    result.lines(size.pods(), size.accounts()).forEach(report);
    reportEnded();
    return result;
  }

  private AwsGateResult result(
      String name,
      Map<Integer, Long> statuses,
      Histogram micros,
      Map<String, Long> countsBefore,
      Map<String, CpuUsage> before) {
    Map<Integer, Long> refused = new TreeMap<>(statuses);
    long served = taken(refused, 200);
    long broken = taken(refused, OpenLoop.BROKEN);
    long silent = taken(refused, OpenLoop.SILENT);
    Map<String, Double> millis = new TreeMap<>();
    for (double percent : new double[] {50, 99, 99.9}) {
      millis.put(
          "p" + AwsGateResult.format(percent), micros.getValueAtPercentile(percent) / 1_000.0);
    }
    Map<String, Long> counts = new TreeMap<>();
    usage
        .counts()
        .forEach((meter, now) -> counts.put(meter, now - countsBefore.getOrDefault(meter, 0L)));
    Map<String, Map<String, Long>> cpu = new TreeMap<>();
    usage
        .cpu()
        .forEach(
            (who, now) ->
                cpu.put(who, now.since(before.getOrDefault(who, new CpuUsage(Map.of()))).millis()));
    return new AwsGateResult(
        name,
        served,
        refused,
        broken,
        micros.getTotalCount() - micros.getCountBetweenValues(0, PROMISED_MICROS),
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

  /** Plans have tokens. */
  private Path write(String name, String text) {
    return PrivateFiles.write(mesh.options().directory().resolve(name), text);
  }
}
