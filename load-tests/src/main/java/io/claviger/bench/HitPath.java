package io.claviger.bench;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How fast an edge answers from memory, beside a bare server that answers with the same bytes: both
 * are loaded in turns, so that what else the machine does meets both.
 */
public final class HitPath {

  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private final LocalMesh mesh;
  private final Wrk wrk;
  private final int connections;
  private final Consumer<String> report;

  /**
   * For a mesh whose default associations are applied.
   *
   * @param report told a line at a time
   */
  public HitPath(LocalMesh mesh, Wrk wrk, int connections, Consumer<String> report) {
    this.mesh = mesh;
    this.wrk = wrk;
    this.connections = connections;
    this.report = report;
  }

  /**
   * One server in all rounds.
   *
   * @param rates requests a second, by round
   * @param p99s milliseconds, by round
   */
  private record Series(List<Double> rates, List<Double> p99s) {
    Series() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(Wrk.Run run) {
      if (!run.failures().isEmpty()) {
        throw new MeshException("not every request was answered 200: " + run.failures());
      }
      rates.add(run.requestsPerSecond());
      p99s.add(run.p99Millis());
    }

    String line(String name) {
      return String.format(
          Locale.ROOT,
          "%-12s %8.0f requests/s  p99 %6.2f ms  (medians)",
          name,
          median(rates),
          median(p99s));
    }
  }

  /**
   * Measures.
   *
   * @param jvmOptions the edge's own, for the bare server too
   * @return the median of the rounds' ratios, edge to bare server
   */
  public double run(Path jvmOptions, String token, int rounds, Duration each)
      throws InterruptedException {
    EdgeMember edge = mesh.edge(1);
    byte[] body = body(edge.credentials(), token);
    try (BareProcess bare = BareProcess.start(jvmOptions, body)) {
      Duration warmUp = each.multipliedBy(3);
      wrk.run(edge.credentials(), token, connections, shorter(warmUp));
      wrk.run(bare.address(), token, connections, shorter(warmUp));
      Series edges = new Series();
      Series bares = new Series();
      List<Double> ratios = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        Wrk.Run ofEdge = wrk.run(edge.credentials(), token, connections, each);
        Wrk.Run ofBare = wrk.run(bare.address(), token, connections, each);
        edges.add(ofEdge);
        bares.add(ofBare);
        ratios.add(ofEdge.requestsPerSecond() / ofBare.requestsPerSecond());
        report.accept(
            String.format(
                Locale.ROOT,
                "round %d: edge %.0f/s p99 %.2f ms, bare %.0f/s p99 %.2f ms, ratio %.2f",
                round,
                ofEdge.requestsPerSecond(),
                ofEdge.p99Millis(),
                ofBare.requestsPerSecond(),
                ofBare.p99Millis(),
                ratios.getLast()));
      }
      report.accept(edges.line("node-edge"));
      report.accept(bares.line("bare Vert.x"));
      report.accept(String.format(Locale.ROOT, "ratio %.2f (median)", median(ratios)));
      residentMemory(bare);
      return median(ratios);
    }
  }

  private static Duration shorter(Duration warmUp) {
    return warmUp.compareTo(WARM_UP) < 0 ? warmUp : WARM_UP;
  }

  private void residentMemory(BareProcess bare) {
    Stream.concat(
            mesh.edges().stream().map(EdgeMember::member),
            mesh.brokers().stream().map(BrokerMember::member))
        .forEach(member -> resident(member.name(), member.pid()));
    resident("bare Vert.x", bare.pid());
  }

  private void resident(String name, long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", "" + pid, "status"))) {
      lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .forEach(mib -> report.accept(String.format("%-12s %d MiB resident", name, mib)));
    } catch (IOException e) {
      report.accept(name + ": resident memory is not reported on this system");
    }
  }

  private static byte[] body(URI credentials, String token) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(credentials).header("Authorization", token).build();
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new MeshException("the edge answers " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new MeshException("the edge does not answer: " + e.getMessage(), e);
    }
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
