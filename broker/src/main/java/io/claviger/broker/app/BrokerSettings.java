package io.claviger.broker.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A broker's settings. Secrets are never in them: they are files, named here. */
@ConfigMapping(prefix = "claviger.broker")
public interface BrokerSettings {

  /** This member's name, unique among brokers; in events and logs. */
  String name();

  /** The Kubernetes clusters that are served; a token's issuer selects one. */
  List<Cluster> clusters();

  /** Where edges connect. */
  Bridge bridge();

  /** How brokers find and trust each other. */
  Peers peers();

  /** Where operators and AWS's tools ask. */
  Api api();

  /** Where API servers ask what new pods get; served when {@code tls} is set. */
  AdmissionSettings admission();

  /** Where the association log and the audit events are. */
  Kafka kafka();

  /** How sessions are asked of STS. */
  StsSettings sts();

  /** How much is opened at once, and how long that may take. */
  Issuance issuance();

  /** Where probes and Prometheus ask. */
  Management management();

  /**
   * Nothing is issued while the associations have not been compared with Kafka's log for longer;
   * without it Kafka may be away for as long as it likes.
   */
  Optional<Duration> maxStaleness();

  /** How long requests under way may take to end once the process is told to stop. */
  @WithDefault("5s")
  Duration drain();

  /** A registered Kubernetes cluster. */
  interface Cluster {
    /** Its name in the API, in session tags and in events. */
    String name();

    /** As in session tags: {@code arn:aws:eks:<region>:<account>:cluster/<name>}. */
    String arn();

    /** The 12 digits of the account that its roles are in. */
    String account();

    /** The AWS Region in its associations' ARNs and external ids. */
    String region();

    /** The {@code iss} of its service-account tokens. */
    String issuer();

    JwksSettings jwks();

    /** What is asked of its API server; nothing without this. */
    Optional<KubernetesSettings> kubernetes();

    /** The {@code aud} of pods' tokens. */
    @WithDefault("pods.eks.amazonaws.com")
    String audience();

    /** Audience of the edges' own tokens. */
    @WithDefault("claviger-broker")
    String edgeAudience();

    /** The service accounts that edges run under, as {@code namespace/name}. */
    List<String> edgeServiceAccounts();

    /**
     * Which pods share a session where the association does not say: {@code service-account} or
     * {@code pod}.
     */
    @WithDefault("service-account")
    String tagScope();

    /** How many associations it may have. */
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

    /** Edges connected at once; more are rejected, and go to another broker. */
    @WithDefault("6000")
    int maxConnections();
  }

  /**
   * The EKS and EKS Auth APIs. They are served when {@code accessKeys} is set, in plain text on
   * loopback only.
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

    /** A YAML file of access keys: who may call. */
    Optional<Path> accessKeys();

    /** A YAML file of grants: who may associate what. Nothing is granted without it. */
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
    /** Separates meshes: brokers of another name are not joined. */
    @WithDefault("claviger")
    String mesh();

    /**
     * Hazelcast's address; members prove themselves by the sealing keys, but nothing is encrypted,
     * so it is fenced by a NetworkPolicy.
     */
    @WithDefault("127.0.0.1")
    String host();

    /** Hazelcast's port. */
    @WithDefault("5701")
    int port();

    /**
     * Members to join: addresses and DNS names, with {@code :port} or on {@code port}. Every
     * address of a name is tried, as of a headless Service, and a name is looked up again and
     * again.
     */
    List<String> members();

    /**
     * How many brokers have to be joined, this one among them, before it is ready for the first
     * time; later it serves alone too.
     */
    @WithDefault("1")
    int minBrokers();

    /**
     * How long the first readiness waits for {@code min-brokers}; then it is ready all the same and
     * warns: alone it opens more sessions than it would have to, nothing worse.
     */
    @WithDefault("30s")
    Duration minBrokersWait();

    /** Address of the event bus among brokers, by which the others reach this one. */
    @WithDefault("127.0.0.1")
    String busHost();

    /** Port of the event bus, mutual TLS. */
    @WithDefault("7444")
    int busPort();

    /** Certificate for the event bus, presented and demanded both ways. */
    KeyPair tls();

    /** Authorities that sign brokers' certificates, PEM; read again when the file changes. */
    Path ca();

    /**
     * Directory of sealing keys: {@code <key id>.key} files of 32 bytes, base64; the file {@code
     * active} names the one that writes.
     */
    Path sealingKeys();
  }

  interface Kafka {
    /** Kafka brokers to begin with, {@code host:port} with commas between them. */
    String bootstrapServers();

    /** Replicas of topics that this broker creates. */
    @WithDefault("3")
    int replicationFactor();

    /**
     * The lowest {@code transaction.version} that Kafka may have. Below 2 (KIP-890, Kafka 4.0)
     * Kafka can lose changes when one of its brokers fails; set to 0 or 1, that is only warned of.
     */
    @WithDefault("2")
    int minTransactionVersion();

    /** Further client properties, for example for TLS and SASL. */
    Map<String, String> properties();

    /**
     * How the log's writers notice a death: {@code classic} works everywhere and takes 6 s; {@code
     * consumer} (KIP-848) is as quick as the Kafka brokers are set.
     */
    @WithDefault("classic")
    String groupProtocol();

    /** Events waiting to be sent; more are dropped and counted. */
    @WithDefault("10000")
    int maxQueuedEvents();
  }

  interface Issuance {
    /** Sessions being opened at once. */
    @WithDefault("64")
    int concurrency();

    /** Requests waiting to be opened; more are answered unavailable. */
    @WithDefault("20000")
    int maxWaiting();

    /** How long requests are gathered when all slots are taken; 5 ms at most. */
    @WithDefault("5ms")
    Duration window();

    /** The part of a session's life after which a request for it opens the next one. */
    @WithDefault("0.45")
    double refreshFraction();

    /** The whole time that opening a session may take, both hops. */
    @WithDefault("8s")
    Duration deadline();

    /**
     * The shortest time to wait for a sign of life of a key's owner before opening the session
     * here: it is four times what the slowest of a hundred took lately, and at most four of this; a
     * renewal ahead of time, for which no pod waits, is asked for again for 37 times as long.
     */
    @WithDefault("150ms")
    Duration ownerTimeout();

    /** Sessions with less left than this are not served. */
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
