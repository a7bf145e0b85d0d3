package io.claviger.broker.app;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How sessions are opened with AWS STS. */
public interface StsSettings {
  /** Where STS is; the Region's own endpoint when absent. */
  Optional<URI> endpoint();

  /** The Region whose STS is asked. */
  String region();

  /** Asked while STS fails in the Region. */
  Optional<FailOver> failOver();

  /**
   * How long sessions live; where STS says that it is too long, for the role or because the broker
   * itself runs on a role, 1 h.
   */
  @WithDefault("1h")
  Duration sessionDuration();

  /** How long one call may take. */
  @WithDefault("2s")
  Duration attemptTimeout();

  /** Calls a second that STS allows the broker's account in this Region, for all brokers. */
  @WithDefault("600")
  int quota();

  /**
   * Quotas are divided by the brokers that are joined, or by the addresses that the names in {@code
   * peers.members} have where these are more, but by no fewer than this.
   */
  @WithDefault("2")
  int minBrokers();

  /**
   * Accounts, by their 12 digits, whose roles are assumed by an identity of their own; all others
   * by what the SDK's default chain finds.
   */
  Map<String, Account> accounts();

  /** Another Region's STS. */
  interface FailOver {
    /** The regional endpoint when absent. */
    Optional<URI> endpoint();

    /** The Region. */
    String region();
  }

  /** An identity of the broker's for one account's roles. */
  interface Account {
    /** A profile of the AWS configuration files that gives the identity. */
    String profile();

    /** Calls a second that STS allows that account, for all brokers. */
    @WithDefault("600")
    int quota();
  }
}
