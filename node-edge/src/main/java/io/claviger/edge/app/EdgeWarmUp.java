package io.claviger.edge.app;

import io.claviger.config.bridge.FrameRoundTrips;
import io.claviger.config.bridge.LoopbackTls;
import io.claviger.config.lifecycle.HostPort;
import io.claviger.config.lifecycle.WarmUp;
import io.claviger.config.trust.WarmUpTokens;
import io.claviger.edge.audit.Deliveries;
import io.claviger.edge.audit.EventOutbox;
import io.claviger.edge.credential.CredentialTimes;
import io.claviger.edge.credential.Fetcher;
import io.claviger.edge.credential.Flights;
import io.claviger.edge.credential.PodLookup.Presence;
import io.claviger.edge.ingress.CredentialRoute;
import io.claviger.edge.ingress.IngressLimits;
import io.claviger.edge.ingress.IngressTimes;
import io.claviger.edge.ingress.LoopbackListener;
import io.claviger.edge.ingress.PodResponder;
import io.claviger.edge.telemetry.EdgeMeters;
import io.claviger.edge.workload.ServedHosts;
import io.claviger.edge.workload.TokenAge;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PodPolicy;
import io.claviger.schemas.bus.PublishedKeys;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends this edge requests as a pod would: socket, HTTP, token verification, flight, frames, TLS,
 * response. It uses its own instances, which are dropped afterwards, and touches no cache, exported
 * meter or audit event of the edge.
 */
final class EdgeWarmUp implements WarmUp.Exercise {

  private static final WarmUp.Bounds BOUNDS =
      new WarmUp.Bounds(
          2_000, Duration.ofSeconds(3), Duration.ofSeconds(4), 20_000, Duration.ofSeconds(75), 3);

  /** After a day every cache entry has expired, so each round is a cold one. */
  private static final Duration BETWEEN_ROUNDS = Duration.ofDays(1);

  /** Elliptic curves are slow before they are compiled, and few clusters' tokens need them. */
  private static final int ROUNDS_AN_ES256 = 4;

  /** One connection at a time, and previous ones that are not closed yet. */
  private static final IngressLimits LIMITS = new IngressLimits(256, 256, 16);

  /** On busy cores the first round takes longer than the deadline of a pod's request. */
  private static final int TIMEOUT_MILLIS = 4_000;

  private static final IngressTimes TIMES =
      new IngressTimes(
          Duration.ofMillis(TIMEOUT_MILLIS),
          Duration.ZERO,
          Duration.ofSeconds(5),
          Duration.ofMillis(100));

  private static final int MAX_ANSWER_BYTES = 16 * 1024;
  private static final String OK = "HTTP/1.1 200 ";

  private final AtomicInteger rounds = new AtomicInteger();
  private final InstantSource clock = () -> WarmUpTokens.ISSUED.plus(age());
  private final EventOutbox events = new EventOutbox(16, () -> {});
  private final byte[] rs256 = request(WarmUpTokens.rs256());
  private final byte[] es256 = request(WarmUpTokens.es256());
  private final byte[] answer = new byte[MAX_ANSWER_BYTES];
  private final NodeState state;
  private final LoopbackTls tls;
  private final LoopbackListener listener;

  private EdgeWarmUp(EdgeSettings settings, Vertx vertx, LoopbackTls tls) throws Exception {
    this.tls = tls;
    CredentialTimes times = NodeState.times(settings);
    state =
        NodeState.of(
            WarmUpTokens.NODE, settings, times, clock, () -> age().toNanos(), () -> 0.5, s -> {});
    state.served().policy(PodPolicy.PREFERRED);
    state.tokens().accept(keys());
    EdgeMeters meters = new EdgeMeters(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    Future<LoopbackListener> opening =
        LoopbackListener.open(vertx, route(vertx, times, meters), LIMITS, TIMES, meters);
    try {
      listener = finish(opening);
    } catch (TimeoutException e) {
      opening.onSuccess(LoopbackListener::close);
      throw e;
    }
  }

  /** Creates the warm-up of an edge with these settings. */
  static WarmUp warmUp(EdgeSettings settings, Vertx vertx) {
    return new WarmUp(
        () -> open(settings, vertx), BOUNDS, System::nanoTime, LockSupport::parkNanos);
  }

  /** Creates the instances that it uses; blocks, so call it off the event loops. */
  static EdgeWarmUp open(EdgeSettings settings, Vertx vertx) throws Exception {
    LoopbackTls tls = finish(LoopbackTls.listen(vertx));
    try {
      finish(tls.connect());
      EdgeWarmUp ways = new EdgeWarmUp(settings, vertx, tls);
      List<Integer> own = List.of(tls.port(), ways.port());
      if (settings.listen().stream().anyMatch(text -> own.contains(HostPort.parse(text).port()))) {
        ways.close();
        throw new IllegalStateException("the system chose a port that the settings use for pods");
      }
      return ways;
    } catch (Exception | LinkageError e) {
      var unused = tls.close();
      throw e;
    }
  }

  /** Returns the loopback port on which it listens. */
  int port() {
    return listener.port();
  }

  private static PublishedKeys keys() {
    return new PublishedKeys(
        BusProtocol.VERSION,
        WarmUpTokens.CLUSTER,
        WarmUpTokens.ISSUER,
        WarmUpTokens.AUDIENCE,
        WarmUpTokens.keys(),
        WarmUpTokens.ISSUED);
  }

  private CredentialRoute route(Vertx vertx, CredentialTimes times, EdgeMeters meters) {
    Fetcher fetcher =
        new Fetcher(
            new StubUpstream(tls, clock),
            state.brokerAnswers(),
            state.minPositions(),
            new Flights(LIMITS.requests(), times.flightDeadline()),
            (delay, task) -> () -> {},
            clock,
            meters);
    return new CredentialRoute(
        vertx,
        new ServedHosts(List.of(), false),
        state.tokens(),
        state.credentials(
            fetcher,
            pod -> CompletableFuture.completedStage(Presence.THERE),
            new TokenAge(times.associationWait(), clock)),
        TIMES,
        LIMITS,
        new PodResponder(
            LIMITS.workloads(),
            new Deliveries(LIMITS.workloads(), events, () -> {}, clock),
            () -> true,
            meters));
  }

  private Duration age() {
    return BETWEEN_ROUNDS.multipliedBy(rounds.get());
  }

  private static byte[] request(String token) {
    return ("GET /v1/credentials HTTP/1.1\r\nHost: 169.254.170.23\r\nAuthorization: "
            + token
            + "\r\nUser-Agent: warm-up\r\nAccept: */*\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Sends a request that misses the cache, and one that hits it. */
  @Override
  public void run() throws IOException {
    byte[] request = rounds.incrementAndGet() % ROUNDS_AN_ES256 == 0 ? es256 : rs256;
    state.staleness().confirmed();
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress("127.0.0.1", port()), TIMEOUT_MILLIS);
      ask(socket, request);
      ask(socket, request);
    }
    events.taken(events.size());
    FrameRoundTrips.run();
  }

  private void ask(Socket socket, byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    int length = 0;
    // The body is one JSON object without a nested one.
    while (length == 0 || answer[length - 1] != '}') {
      int read = in.read(answer, length, answer.length - length);
      if (read <= 0) {
        throw new IOException("an answer without an end");
      }
      length += read;
    }
    String start = new String(answer, 0, OK.length(), StandardCharsets.US_ASCII);
    if (!start.equals(OK)) {
      throw new IOException("answered " + start);
    }
  }

  @Override
  public void close() throws Exception {
    var unused = tls.close();
    finish(listener.close());
  }

  private static <T> T finish(Future<T> future) throws Exception {
    return future.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }
}
