package io.claviger.edge.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A node-edge's settings. Secrets are never in them: they are files, named here. */
@ConfigMapping(prefix = "claviger.edge")
public interface EdgeSettings {

  /** The node this edge serves: tokens of pods on other nodes are refused. */
  String node();

  /** Where pods ask: {@code host:port}, IPv6 in brackets; each binds for itself. */
  @WithDefault("169.254.170.23:80,[fd00:ec2::23]:80")
  List<String> listen();

  /**
   * Whether loopback addresses are accepted as Host too: for trying it without a link-local
   * address.
   */
  @WithDefault("false")
  boolean allowLoopbackHost();

  /** Where brokers are, and how they are asked. */
  Upstream upstream();

  /** When pods are answered, and when what they have is renewed. */
  Credentials credentials();

  /** How much is done, cached and remembered at once. */
  Limits limits();

  /** Where probes and Prometheus ask: {@code host:port} each. */
  Management management();

  /** What is asked of the cluster's API server. */
  Kubernetes kubernetes();

  /** What the audit stream is to have of this node. */
  Audit audit();

  /**
   * What is cached is not served any more when no broker has been connected for longer; without it
   * sessions are served to their end.
   */
  Optional<Duration> maxStaleness();

  /**
   * How long requests under way may take to end once the process is told to stop, and then what
   * waits for the audit stream to be sent.
   */
  @WithDefault("5s")
  Duration drain();

  /** How long the listener has been closed before connections are shut down. */
  @WithDefault("600ms")
  Duration handoverPause();

  interface Upstream {
    /** Brokers' bridges, {@code host:port} each; a name may stand for several. */
    List<String> brokers();

    /** Authorities that sign the brokers' certificate, PEM. */
    Path ca();

    /**
     * The edge's own service-account token, audience {@code claviger-broker}; read again when it
     * changes.
     */
    Path tokenFile();

    /**
     * No sign of life from the first broker in this time, or in up to half as much again where it
     * is usually slow: the second is asked too.
     */
    @WithDefault("350ms")
    Duration hedgeAfter();

    /**
     * A connection is replaced after this long, so that each was made under authorities and
     * certificates as they are, or were not long ago.
     */
    @WithDefault("30m")
    Duration maxConnectionAge();

    /** The whole time that a flight may take; its result is kept however late. */
    @WithDefault("8s")
    Duration flightDeadline();
  }

  interface Credentials {
    /** The pod is answered within this time, always. */
    @WithDefault("900ms")
    Duration deadline();

    /** An answer 503 is not sent sooner than this after the request came. */
    @WithDefault("500ms")
    Duration unavailablePause();

    /** The part of a session's life after which it is refreshed, give or take a tenth. */
    @WithDefault("0.5")
    double refreshFraction();

    /** A session with less left than this is not served. */
    @WithDefault("60s")
    Duration minRemaining();

    /** A session with less left than this raises an alarm. */
    @WithDefault("15m")
    Duration alarm();

    /** How long a refusal is remembered. */
    @WithDefault("5s")
    Duration refusalMemory();

    /**
     * How long after its token was issued a pod whose service account has no association is told to
     * try again (503), and not that there is none (404): one that is applied with the pod is on its
     * way. Zero: not at all.
     */
    @WithDefault("60s")
    Duration associationWait();

    /** How long a verified token is remembered, at most until it expires. */
    @WithDefault("15m")
    Duration tokenMemory();
  }

  interface Limits {
    /**
     * Requests under way; more are answered 503. As many connections are open at once, or as the
     * heap bears if that is less: 40 KB each beside the first 24 MB.
     */
    @WithDefault("512")
    int concurrentRequests();

    /** Requests under way of one pod. */
    @WithDefault("64")
    int concurrentRequestsPerPod();

    /** Workloads of the node whose sessions are cached. */
    @WithDefault("2000")
    int workloads();

    /** Verified tokens remembered. */
    @WithDefault("4000")
    int tokens();

    /** A client that has not sent its request, or read its answer, in this time is cut off. */
    @WithDefault("5s")
    Duration slowClient();
  }

  interface Kubernetes {
    /**
     * A taint that this edge takes from its node once it is ready, for example {@code
     * claviger.io/edge-not-ready}, and two minutes after its start where it has reached no broker;
     * its service account has to be allowed to get and patch nodes, and to create Events.
     */
    Optional<String> startupTaint();

    /**
     * Where the API server is. By default where Kubernetes tells every container that it is ({@code
     * KUBERNETES_SERVICE_HOST}): a node that waits for this edge may have no DNS yet.
     */
    Optional<URI> url();

    /** The edge's service-account token for the API server; read again when it changes. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/token")
    Path tokenFile();

    /** Authorities that sign the API server's certificate, PEM; read again when they change. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
    Path ca();
  }

  interface Audit {
    /** Events that may wait until a broker takes them; more are dropped. */
    @WithDefault("10000")
    int maxQueued();
  }

  interface Management {
    /** Address of {@code /healthz} and {@code /readyz}. */
    @WithDefault("127.0.0.1:2703")
    String probes();

    /**
     * A file that is there while this edge is ready: while it replaces another, the other one may
     * still answer at the address of the probes.
     */
    Optional<Path> readyFile();

    /** Address of {@code /metrics}. */
    @WithDefault("127.0.0.1:2705")
    String metrics();
  }
}
