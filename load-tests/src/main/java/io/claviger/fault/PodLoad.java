package io.claviger.fault;

import io.claviger.bench.LoadGenerator;
import io.claviger.bench.LoadShape;
import io.claviger.checker.Answer;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.Polling;
import io.claviger.localmesh.PrivateFiles;
import io.claviger.scenario.BotocoreClient;
import io.claviger.scenario.Fetch;
import io.claviger.scenario.FetchingClient;
import io.claviger.scenario.LoadDriver;
import io.claviger.scenario.LoadReport;
import io.claviger.scenario.PodEnvironment;
import io.claviger.scenario.SdkClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The pods of a run. Running pods send requests in an open loop without retries. New pods start all
 * the time and use the AWS SDKs for Java and Python. One request in twenty has a token of another
 * node's pod. All answers are kept.
 */
final class PodLoad implements AutoCloseable {

  private static final int SDKS_AT_ONCE = 100;
  private static final int STOLEN = 20;
  private static final Duration FIRST_SESSIONS = Duration.ofSeconds(60);

  private final LocalMesh mesh;
  private final String namespace;
  private final List<String> accounts;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Queue<Answer> served = new ConcurrentLinkedQueue<>();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final Map<PodEnvironment, Asking> pods = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final SdkClient sdk = new SdkClient();
  private final Optional<BotocoreClient> botocore;
  private final Histogram micros = new Histogram(3);
  private final LongAdder asked = new LongAdder();
  private final LoadGenerator running;
  private final LoadDriver sdks;

  /** A pod's token, and the edge to which it is sent. */
  private record Asking(String account, String node, EdgeMember edge, String pod) {
    boolean isOwnNode() {
      return node.equals(edge.node());
    }
  }

  /** A fetch on which an SDK gave up. */
  record Failure(String edge, String account, Instant due, String message) {

    /** One line for each service account, node and reason: the number, and when they were due. */
    static Stream<String> reasons(List<Failure> failures, Instant begin) {
      Map<String, List<Long>> millis =
          failures.stream()
              .collect(
                  Collectors.groupingBy(
                      one -> "%s at %s: %s".formatted(one.account, one.edge, one.message),
                      TreeMap::new,
                      Collectors.mapping(
                          one -> Duration.between(begin, one.due).toMillis(),
                          Collectors.toList())));
      return millis.entrySet().stream()
          .map(
              entry ->
                  "%d fetches of %s, due %d to %d ms after it began"
                      .formatted(
                          entry.getValue().size(),
                          entry.getKey(),
                          Collections.min(entry.getValue()),
                          Collections.max(entry.getValue())));
    }
  }

  /**
   * Starts the load. When this returns, every service account has a session on every node.
   *
   * @param accounts service accounts that have roles
   * @param rate requests a second of running pods; the SDKs send half as many
   */
  PodLoad(LocalMesh mesh, String namespace, List<String> accounts, int rate)
      throws InterruptedException {
    this.mesh = mesh;
    this.namespace = namespace;
    this.accounts = List.copyOf(accounts);
    this.botocore = BotocoreClient.start(mesh.options().directory());
    for (String account : accounts) {
      for (EdgeMember edge : mesh.edges()) {
        firstSession(edge, account);
      }
    }
    List<Asking> plan = plan();
    running = LoadGenerator.start();
    running.begin(
        write(plan),
        LoadShape.onNewConnections(rate, Long.MAX_VALUE),
        line -> answered(plan.get((int) (line.number() % plan.size())), line));
    sdks = LoadDriver.start(this::fetch, this::newPod, SDKS_AT_ONCE, rate / 2.0);
    // The generator warms up before it begins.
    if (!Polling.within(FIRST_SESSIONS).until(() -> asked.sum() > 0)) {
      throw new MeshException("the load generator has not begun to send requests");
    }
  }

  private void firstSession(EdgeMember edge, String account) throws InterruptedException {
    PodEnvironment pod = pod(edge, account, "first-" + account);
    Fetch first =
        Polling.within(FIRST_SESSIONS).until(() -> sdk.fetch(pod), Fetch.Got.class::isInstance);
    if (!(first instanceof Fetch.Got)) {
      throw new MeshException(
          "no session for " + account + " at " + edge.member().name() + ": see its log");
    }
  }

  /** Two running pods of each service account on each node; one in twenty is from another node. */
  private List<Asking> plan() {
    List<EdgeMember> edges = mesh.edges();
    List<Asking> plan = new ArrayList<>();
    for (EdgeMember edge : edges) {
      for (String account : accounts) {
        for (String pod : List.of("a", "b")) {
          plan.add(new Asking(account, edge.node(), edge, account + "-" + edge.node() + pod));
        }
      }
    }
    int own = plan.size();
    for (int number = 0; number * STOLEN < own; number++) {
      Asking stolen = plan.get(number * STOLEN);
      EdgeMember other = edges.get((edges.indexOf(stolen.edge()) + 1) % edges.size());
      plan.add(new Asking(stolen.account(), stolen.node(), other, stolen.pod()));
    }
    Collections.shuffle(plan, new Random(1));
    return plan;
  }

  private Path write(List<Asking> plan) {
    String lines =
        plan.stream()
            .map(asking -> asking.edge().listen().port() + " " + token(asking))
            .collect(Collectors.joining("\n"));
    return PrivateFiles.write(file(namespace + ".plan"), lines);
  }

  private Path file(String name) {
    return mesh.options().directory().resolve(name);
  }

  private void answered(Asking asking, LoadGenerator.Line line) {
    asked.increment();
    if (asking.isOwnNode()) {
      micros.recordValue(line.micros());
    }
    answers.add(
        new Answer(
            namespace + "/" + asking.account(),
            asking.node(),
            asking.edge().node(),
            line.due(),
            line.at(),
            line.status(),
            line.accessKeyId()));
  }

  private PodEnvironment newPod() {
    int number = next.getAndIncrement();
    List<EdgeMember> edges = mesh.edges();
    return pod(
        edges.get(number / accounts.size() % edges.size()),
        accounts.get(number % accounts.size()),
        "new-" + number);
  }

  private PodEnvironment pod(EdgeMember edge, String account, String name) {
    Asking asking = new Asking(account, edge.node(), edge, name);
    Path file = PrivateFiles.write(file(namespace + "-" + name + ".token"), token(asking));
    PodEnvironment pod = new PodEnvironment(edge.credentials(), file);
    pods.put(pod, asking);
    return pod;
  }

  private String token(Asking asking) {
    return mesh.token(namespace, asking.account(), asking.pod(), asking.node());
  }

  private Fetch fetch(PodEnvironment pod) throws InterruptedException {
    Asking asking = Objects.requireNonNull(pods.remove(pod), "pod");
    Instant due = Instant.now();
    Fetch fetch = client(asking.pod()).fetch(pod);
    PrivateFiles.delete(pod.tokenFile());
    switch (fetch) {
      case Fetch.Got got ->
          served.add(
              new Answer(
                  namespace + "/" + asking.account(),
                  asking.node(),
                  asking.node(),
                  due,
                  Instant.now(),
                  200,
                  got.accessKeyId()));
      case Fetch.Failed(var message, var took) ->
          failures.add(new Failure(asking.node(), asking.account(), due, message));
    }
    return fetch;
  }

  /** One new pod in ten uses botocore, if Python has it. */
  private FetchingClient client(String pod) {
    return Integer.remainderUnsigned(pod.hashCode(), 10) == 0 && botocore.isPresent()
        ? botocore.get()
        : sdk;
  }

  /** The answers to running pods. */
  List<Answer> answers() {
    return List.copyOf(answers);
  }

  /** The answers with credentials to new pods. */
  List<Answer> served() {
    return List.copyOf(served);
  }

  /** The fetches on which new pods' SDKs gave up. */
  List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** The report on all fetches of new pods' SDKs. */
  LoadReport fetches() {
    return sdks.report();
  }

  /** Times of running pods at their own node, from when each request was due. */
  Map<String, Double> millis() {
    return Map.of(
        "p50", micros.getValueAtPercentile(50) / 1e3,
        "p99", micros.getValueAtPercentile(99) / 1e3,
        "max", micros.getMaxValue() / 1e3);
  }

  /** Stops all requests, after the SDKs' running fetches have ended. */
  @Override
  public void close() throws InterruptedException {
    try {
      sdks.close();
    } finally {
      running.close();
      botocore.ifPresent(BotocoreClient::close);
    }
  }

  /**
   * Checks that running pods still send requests: a stopped load would find no violation.
   *
   * @throws MeshException when they do not
   */
  void requireAsking() {
    if (!running.isRunning()) {
      throw new MeshException("the load generator ended while pods should send requests");
    }
  }
}
