package io.claviger.edge.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A node-edge's settings. They contain no secrets, only the names of the files with secrets. */
@ConfigMapping(prefix = "claviger.edge")
public interface EdgeSettings {

  /** The node that this edge serves: tokens of pods on other nodes are refused. */
  String node();

  /** The addresses for pods, {@code host:port}, IPv6 in brackets; each binds independently. */
  @WithDefault("169.254.170.23:80,[fd00:ec2::23]:80")
  List<String> listen();

  /**
   * Whether loopback addresses are accepted as Host too, to try the edge without a link-local
   * address.
   */
  @WithDefault("false")
  boolean allowLoopbackHost();

  /** The brokers and the connections to them. */
  Upstream upstream();

  /** Deadlines of answers to pods, and times of sessions and tokens. */
  Credentials credentials();

  /** Limits of concurrent work and of caches. */
  Limits limits();

  /** The addresses for probes and Prometheus, {@code host:port} each. */
  Management management();

  /** Requests to the cluster's API server. */
  Kubernetes kubernetes();

  /** Events of this node for the audit stream. */
  Audit audit();

  /**
   * If no broker has been connected for longer than this, the edge stops serving cached sessions.
   * If not set, it serves sessions until they expire.
   */
  Optional<Duration> maxStaleness();

  /**
   * At shutdown, the time limit for requests under way, and then the limit for sending the queued
   * audit events.
   */
  @WithDefault("5s")
  Duration drain();

  /** The pause between closing the listener and shutting down its connections. */
  @WithDefault("600ms")
  Duration handoverPause();

  interface Upstream {
    /** The brokers' bridges, {@code host:port} each; a name may resolve to several. */
    List<String> brokers();

    /** The authorities that sign the brokers' certificate, PEM. */
    Path ca();

    /**
     * The edge's own service-account token, audience {@code claviger-broker}; read again when it
     * changes.
     */
    Path tokenFile();

    /**
     * If the first broker gives no sign of life within this time, the edge sends the request to the
     * second broker too. Where signs of life are usually slow, the edge waits up to half as long
     * again.
     */
    @WithDefault("350ms")
    Duration hedgeAfter();

    /**
     * A connection is replaced after this time, so that none outlives a change of authorities or
     * certificates for long.
     */
    @WithDefault("30m")
    Duration maxConnectionAge();

    /** The time limit of a flight; its result is cached even if it comes later. */
    @WithDefault("8s")
    Duration flightDeadline();
  }

  interface Credentials {
    /** The time limit of every answer to a pod. */
    @WithDefault("900ms")
    Duration deadline();

    /** A 503 is sent at the earliest this long after the request arrived. */
    @WithDefault("500ms")
    Duration unavailablePause();

    /** The part of a session's lifetime after which it is refreshed, give or take a tenth. */
    @WithDefault("0.5")
    double refreshFraction();

    /** A session with less remaining lifetime than this is not served. */
    @WithDefault("60s")
    Duration minRemaining();

    /** A session with less remaining lifetime than this raises an alarm. */
    @WithDefault("15m")
    Duration alarm();

    /** How long a refusal is cached. */
    @WithDefault("5s")
    Duration refusalMemory();

    /**
     * If a pod's service account has no association, the pod gets a retryable 503 instead of 404
     * for this long after its token was issued. An association that was applied together with the
     * pod may still be on its way. Zero turns this off.
     */
    @WithDefault("60s")
    Duration associationWait();

    /** How long a verified token is cached, at most until it expires. */
    @WithDefault("15m")
    Duration tokenMemory();
  }

  interface Limits {
    /**
     * The limit of requests under way; further requests get a 503. The edge accepts as many
     * connections at once, or as many as the heap permits if that is fewer. Each takes 40 KB of
     * what exceeds 24 MB.
     */
    @WithDefault("512")
    int concurrentRequests();

    /** The limit of requests under way per pod. */
    @WithDefault("64")
    int concurrentRequestsPerPod();

    /** How many workloads of the node have their sessions cached. */
    @WithDefault("2000")
    int workloads();

    /** How many verified tokens are cached. */
    @WithDefault("4000")
    int tokens();

    /**
     * A client that has not sent its request, or read its answer, within this time is disconnected.
     */
    @WithDefault("5s")
    Duration slowClient();
  }

  interface Kubernetes {
    /**
     * A taint that this edge removes from its node once it is ready, for example {@code
     * claviger.io/edge-not-ready}. If it has reached no broker, it removes the taint two minutes
     * after its start. Its service account must be allowed to get and patch nodes, and to create
     * Events.
     */
    Optional<String> startupTaint();

    /**
     * The API server's address. The default is the one that Kubernetes sets in every container
     * ({@code KUBERNETES_SERVICE_HOST}), because a node that waits for this edge may have no DNS
     * yet.
     */
    Optional<URI> url();

    /** The edge's service-account token for the API server; read again when it changes. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/token")
    Path tokenFile();

    /** The authorities that sign the API server's certificate, PEM; read again when they change. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
    Path ca();
  }

  interface Audit {
    /** How many events may wait until a broker accepts them; further events are dropped. */
    @WithDefault("10000")
    int maxQueued();
  }

  interface Management {
    /** The address of {@code /healthz} and {@code /readyz}. */
    @WithDefault("127.0.0.1:2703")
    String probes();

    /**
     * A file that exists while this edge is ready. While it replaces another edge, the other one
     * may still answer at the address of the probes.
     */
    Optional<Path> readyFile();

    /** The address of {@code /metrics}. */
    @WithDefault("127.0.0.1:2705")
    String metrics();
  }
}
