package io.claviger.broker.app;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How sessions are opened with AWS STS. */
public interface StsSettings {
  /** The endpoint of STS; the Region's own endpoint if absent. */
  Optional<URI> endpoint();

  /** The Region of the STS endpoint. */
  String region();

  /** Used while STS fails in the Region. */
  Optional<FailOver> failOver();

  /**
   * The lifetime of sessions. If STS rejects it as too long, for the role or because the broker
   * itself uses a role, it is 1 h.
   */
  @WithDefault("1h")
  Duration sessionDuration();

  /** How long one call may take. */
  @WithDefault("2s")
  Duration attemptTimeout();

  /** Calls per second that STS allows the broker's account in this Region, for all brokers. */
  @WithDefault("600")
  int quota();

  /**
   * The minimum number of brokers by which quotas are divided. A quota is divided by the joined
   * brokers, or by the addresses of the names in {@code peers.members} if these are more.
   */
  @WithDefault("2")
  int minBrokers();

  /**
   * Accounts, by their 12 digits, whose roles need a separate identity. For all others, the SDK's
   * default chain supplies the identity.
   */
  Map<String, Account> accounts();

  /** Another Region's STS. */
  interface FailOver {
    /** The regional endpoint if absent. */
    Optional<URI> endpoint();

    /** The Region. */
    String region();
  }

  /** A separate identity of the broker for one account's roles. */
  interface Account {
    /** A profile of the AWS configuration files that gives the identity. */
    String profile();

    /** Calls per second that STS allows that account, for all brokers. */
    @WithDefault("600")
    int quota();
  }
}
