package io.claviger.scenario;

import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.MeshPurpose;
import io.claviger.localmesh.TokenRequest;
import io.claviger.stsfake.StsStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mesh of real processes, with short methods for associations and pods. */
final class ScenarioMesh implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ScenarioMesh.class);
  private static final int WARM_UP_SESSIONS = 60;

  private static final String ACCOUNT = "123456789012";

  private final Path directory;
  private final LocalMesh mesh;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final AtomicInteger files = new AtomicInteger();

  private ScenarioMesh(Path directory, LocalMesh mesh) {
    this.directory = directory;
    this.mesh = mesh;
  }

  static ScenarioMesh start(int brokers, int edges, UnaryOperator<MeshOptions> more) {
    Scale.train();
    try {
      Path directory = Files.createTempDirectory("claviger-scenario");
      MeshOptions options =
          more.apply(
              FailureReport.watch(MeshOptions.in(directory.resolve("mesh")))
                  .withMembers(brokers, edges)
                  .withPurpose(MeshPurpose.of(!Scale.FULL)));
      return new ScenarioMesh(directory, LocalMesh.start(options, line -> {}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Logs a measured figure. */
  static void figure(String scenario, Object measured) {
    LOG.atInfo().addKeyValue("scenario", scenario).addKeyValue("figure", measured).log("measured");
  }

  LocalMesh mesh() {
    return mesh;
  }

  StsStandIn sts() {
    return mesh.sts();
  }

  static String role(String name) {
    return "arn:aws:iam::" + ACCOUNT + ":role/pods/" + name;
  }

  /** Associates a service account with the role of this name, and waits for the decision. */
  void associate(String namespace, String serviceAccount, String role, Map<String, String> tags) {
    associate(List.of(document(namespace, serviceAccount, role, tags)));
  }

  void associate(List<String> documents) {
    Path manifest = write("manifest", String.join("---\n", documents));
    mesh.apply(manifest);
  }

  static String document(
      String namespace, String serviceAccount, String role, Map<String, String> tags) {
    String tagLines =
        tags.entrySet().stream()
            .map(tag -> "    " + tag.getKey() + ": \"" + tag.getValue() + "\"\n")
            .collect(Collectors.joining());
    return """
        apiVersion: claviger.io/v1alpha1
        kind: PodIdentityAssociation
        metadata:
          name: %s
          namespace: %s
        spec:
          serviceAccount: %s
          roleArn: %s
        """
            .formatted(serviceAccount, namespace, serviceAccount, role(role))
        + (tags.isEmpty() ? "" : "  tags:\n" + tagLines);
  }

  /** The environment of an SDK in a pod. */
  PodEnvironment pod(EdgeMember edge, String token) {
    return new PodEnvironment(edge.credentials(), write("token", token));
  }

  PodEnvironment pod(EdgeMember edge, String namespace, String serviceAccount, String pod) {
    return pod(edge, mesh.token(namespace, serviceAccount, pod, edge.node()));
  }

  String token(EdgeMember edge, String namespace, String serviceAccount, String pod) {
    return mesh.token(TokenRequest.ofPod(namespace, serviceAccount, pod, edge.node()));
  }

  /** Sends one plain HTTP request, like curl: no SDK, no retry. */
  Answer ask(EdgeMember edge, String token) {
    return ask(edge.credentials(), token);
  }

  Answer ask(URI credentials, String token) {
    long started = System.nanoTime();
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(credentials)
                  .header("Authorization", token)
                  .timeout(Duration.ofSeconds(10))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(), response.body(), Duration.ofNanos(System.nanoTime() - started));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends a request like an SDK, which retries a 503: at most six requests in all. */
  Answer askUntilIssued(EdgeMember edge, String token) {
    Answer answer = ask(edge, token);
    for (int tries = 1; tries < 6 && answer.status() == 503; tries++) {
      answer = ask(edge, token);
    }
    return answer;
  }

  /** Warms all programs up: sends each edge requests that need a broker and STS. */
  void warmUp() {
    associate(
        IntStream.range(0, WARM_UP_SESSIONS)
            .mapToObj(i -> document("warm", "sa-" + i, "warm-" + i, Map.of()))
            .toList());
    for (int i = 0; i < WARM_UP_SESSIONS; i++) {
      for (EdgeMember edge : mesh.edges()) {
        askUntilIssued(edge, token(edge, "warm", "sa-" + i, "pod-" + i));
      }
    }
  }

  /** A metric of a member, summed over its series; 0 if there is none. */
  double metric(URI metrics, String name) {
    return ask(metrics, "none")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** How often brokers opened sessions that others own, which explains additional STS calls. */
  String takeovers() {
    return mesh.brokers().stream()
        .flatMap(broker -> ask(broker.metrics(), "none").body().lines())
        .filter(line -> line.startsWith("claviger_owner_takeovers"))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Runs all tasks at once, each on its own thread, and waits for all. */
  static <T> List<T> atOnce(int count, IndexedTask<T> task) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<T>> tasks =
          IntStream.range(0, count).<Callable<T>>mapToObj(i -> () -> task.run(i)).toList();
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  interface IndexedTask<T> {
    T run(int index) throws Exception;
  }

  /** The response to one request. */
  record Answer(int status, String body, Duration took) {
    String accessKeyId() {
      return field("AccessKeyId");
    }

    String field(String name) {
      String start = "\"" + name + "\":\"";
      int at = body.indexOf(start);
      return at < 0
          ? ""
          : body.substring(at + start.length(), body.indexOf('"', at + start.length()));
    }

    @Override
    public String toString() {
      return status == 200 ? "200 " + accessKeyId() : status + " " + body;
    }
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name + "-" + files.incrementAndGet()), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    mesh.close();
    http.close();
  }
}
