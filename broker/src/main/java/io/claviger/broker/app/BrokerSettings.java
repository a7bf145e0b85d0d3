package io.claviger.broker.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A broker's settings. They never contain secrets: secrets are in files, which are named here. */
@ConfigMapping(prefix = "claviger.broker")
public interface BrokerSettings {

  /** This broker's name, unique among brokers; in events and logs. */
  String name();

  /** The Kubernetes clusters that are served; a token's issuer selects one. */
  List<Cluster> clusters();

  /** Where edges connect. */
  Bridge bridge();

  /** How brokers find and authenticate each other. */
  Peers peers();

  /** The endpoint of operators and AWS tools. */
  Api api();

  /** The endpoint of API servers for new pods; served if {@code tls} is set. */
  AdmissionSettings admission();

  /** Where the association log and the audit events are. */
  Kafka kafka();

  /** How sessions are requested from STS. */
  StsSettings sts();

  /** How many sessions are opened at once, and how long that may take. */
  Issuance issuance();

  /** The endpoint of probes and Prometheus. */
  Management management();

  /**
   * The maximum time without comparing the associations with Kafka's log; after that, no
   * credentials are issued. If it is not set, Kafka may be unavailable for any time.
   */
  Optional<Duration> maxStaleness();

  /** How long running requests may take to finish when the process is stopped. */
  @WithDefault("5s")
  Duration drain();

  /** A registered Kubernetes cluster. */
  interface Cluster {
    /** Its name in the API, in session tags and in events. */
    String name();

    /** As in session tags: {@code arn:aws:eks:<region>:<account>:cluster/<name>}. */
    String arn();

    /** The 12 digits of the account of its roles. */
    String account();

    /** The AWS Region in its associations' ARNs and external ids. */
    String region();

    /** The {@code iss} of its service-account tokens. */
    String issuer();

    JwksSettings jwks();

    /** The use of its API server; without this, none. */
    Optional<KubernetesSettings> kubernetes();

    /** The {@code aud} of pods' tokens. */
    @WithDefault("pods.eks.amazonaws.com")
    String audience();

    /** Audience of the edges' own tokens. */
    @WithDefault("claviger-broker")
    String edgeAudience();

    /** The service accounts of edges, as {@code namespace/name}. */
    List<String> edgeServiceAccounts();

    /**
     * Which pods share a session if the association sets no scope: {@code service-account} or
     * {@code pod}.
     */
    @WithDefault("service-account")
    String tagScope();

    /** The maximum number of associations. */
    @WithDefault("5000")
    int maxAssociations();

    /** Whether roles, not only target roles, may be in other accounts than the cluster's. */
    @WithDefault("false")
    boolean rolesOfOtherAccounts();
  }

  interface Bridge {
    /** Address to listen on. */
    @WithDefault("127.0.0.1")
    String host();

    /** Port to listen on, TLS. */
    @WithDefault("7443")
    int port();

    /** The certificate that edges see. */
    KeyPair tls();

    /** Maximum number of connected edges; further edges are rejected and try another broker. */
    @WithDefault("6000")
    int maxConnections();
  }

  /**
   * The EKS and EKS Auth APIs. They are served if {@code accessKeys} is set. Without {@code tls}
   * they listen on loopback only.
   */
  interface Api {
    /** Address to listen on; beyond loopback it needs {@code tls}. */
    @WithDefault("127.0.0.1")
    String host();

    /** Port to listen on. */
    @WithDefault("7445")
    int port();

    /** The certificate that clients see. */
    Optional<KeyPair> tls();

    /** A YAML file of the access keys that clients may use. */
    Optional<Path> accessKeys();

    /**
     * A YAML file of grants: which principal may associate which roles. Without it nothing is
     * granted.
     */
    Optional<Path> grants();
  }

  /** A certificate chain and its key, PEM files; read again when they change. */
  interface KeyPair {
    /** The chain, the certificate itself first. */
    Path certificate();

    /** The certificate's private key. */
    Path key();
  }

  interface Peers {
    /** Separates meshes: brokers join only brokers with the same name. */
    @WithDefault("claviger")
    String mesh();

    /**
     * Hazelcast's address. Brokers authenticate by the sealing keys, but the connection is not
     * encrypted: restrict it by a NetworkPolicy.
     */
    @WithDefault("127.0.0.1")
    String host();

    /** Hazelcast's port. */
    @WithDefault("5701")
    int port();

    /**
     * Brokers to join: addresses and DNS names, with {@code :port} or on {@code port}. All
     * addresses of a name are used, as of a headless Service, and names are resolved repeatedly.
     */
    List<String> members();

    /**
     * How many brokers, including this one, must have joined before it is ready for the first time.
     * Later it also serves alone.
     */
    @WithDefault("1")
    int minBrokers();

    /**
     * How long the first readiness waits for {@code min-brokers}. After that the broker becomes
     * ready and logs a warning; the only effect is that it opens more sessions than necessary.
     */
    @WithDefault("30s")
    Duration minBrokersWait();

    /** Address of the event bus among brokers, at which the others reach this one. */
    @WithDefault("127.0.0.1")
    String busHost();

    /** Port of the event bus, mutual TLS. */
    @WithDefault("7444")
    int busPort();

    /** Certificate for the event bus, for both sides of a connection. */
    KeyPair tls();

    /** Authorities that sign brokers' certificates, PEM; read again when the file changes. */
    Path ca();

    /**
     * Directory of sealing keys: {@code <key id>.key} files of 32 bytes, base64. The file {@code
     * active} names the key that seals new values.
     */
    Path sealingKeys();
  }

  interface Kafka {
    /** Kafka brokers for the first connection, {@code host:port}, separated by commas. */
    String bootstrapServers();

    /** Replicas of topics that this broker creates. */
    @WithDefault("3")
    int replicationFactor();

    /**
     * The minimum {@code transaction.version} of Kafka. Below 2 (KIP-890, Kafka 4.0) Kafka can lose
     * changes when one of its brokers fails. If this is set to 0 or 1, such a version only logs a
     * warning.
     */
    @WithDefault("2")
    int minTransactionVersion();

    /** Further client properties, for example for TLS and SASL. */
    Map<String, String> properties();

    /**
     * How the log's writers detect a failed writer. {@code classic} works with every Kafka and
     * takes 6 s. {@code consumer} (KIP-848) takes as long as the Kafka brokers are set to.
     */
    @WithDefault("classic")
    String groupProtocol();

    /** Maximum number of events that wait to be sent; further events are dropped and counted. */
    @WithDefault("10000")
    int maxQueuedEvents();
  }

  interface Issuance {
    /** Sessions being opened at once. */
    @WithDefault("64")
    int concurrency();

    /**
     * Maximum number of requests that wait to be opened; further requests get the answer
     * unavailable.
     */
    @WithDefault("20000")
    int maxWaiting();

    /** How long requests are gathered when all slots are taken; 5 ms at most. */
    @WithDefault("5ms")
    Duration window();

    /** The part of a session's life after which a request for it opens the next one. */
    @WithDefault("0.45")
    double refreshFraction();

    /** The total time that opening a session may take, both hops. */
    @WithDefault("8s")
    Duration deadline();

    /**
     * The minimum time to wait for a sign of life from a key's owner before this broker opens the
     * session itself. The wait is four times the 99th percentile of recent replies, at most four
     * times this setting. A renewal that no pod waits for is retried for 37 times as long.
     */
    @WithDefault("150ms")
    Duration ownerTimeout();

    /** Sessions with less time left than this are not served. */
    @WithDefault("60s")
    Duration minRemaining();
  }

  interface Management {
    /** Address to listen on. */
    @WithDefault("127.0.0.1")
    String host();

    /** Port to listen on, plain HTTP. */
    @WithDefault("2706")
    int port();
  }
}
