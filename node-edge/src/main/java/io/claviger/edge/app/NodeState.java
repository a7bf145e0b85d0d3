package io.claviger.edge.app;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.edge.credential.BrokerAnswers;
import io.claviger.edge.credential.CredentialTimes;
import io.claviger.edge.credential.DeletedPods;
import io.claviger.edge.credential.Fetcher;
import io.claviger.edge.credential.Journal;
import io.claviger.edge.credential.NewPodCheck;
import io.claviger.edge.credential.NodeCredentials;
import io.claviger.edge.credential.NodeMemory;
import io.claviger.edge.credential.PodLookup;
import io.claviger.edge.credential.RefreshTokens;
import io.claviger.edge.credential.RefusalCache;
import io.claviger.edge.credential.ServedPods;
import io.claviger.edge.credential.SessionCache;
import io.claviger.edge.revocation.MinPositions;
import io.claviger.edge.revocation.PodRevocations;
import io.claviger.edge.revocation.StalenessGuard;
import io.claviger.edge.workload.ClusterKeys;
import io.claviger.edge.workload.TokenAge;
import io.claviger.edge.workload.TokenMemory;
import io.claviger.edge.workload.WorkloadTokens;
import io.claviger.schemas.association.AssociationKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * All state of an edge: in memory, and bounded by settings.
 *
 * @param keys of the node's cluster
 * @param tokens verified ones
 * @param minPositions how far the association log has advanced
 * @param staleness whether the cache is too old to be served
 * @param podRevocations pods that are served nothing from the cache
 * @param memory what is cached of brokers' answers
 * @param served pods that may be served from the cache
 * @param newlyKnown service accounts to report to brokers
 */
record NodeState(
    ClusterKeys keys,
    WorkloadTokens tokens,
    MinPositions minPositions,
    StalenessGuard staleness,
    PodRevocations podRevocations,
    NodeMemory memory,
    ServedPods served,
    Journal<AssociationKey> newlyKnown) {

  /** More entries than are added while the edge waits for a broker's answer to a report. */
  private static final int JOURNAL_SIZE = 4_096;

  /** Service accounts whose sessions were dropped need their minimum position for a while too. */
  private static final int MIN_POSITIONS_PER_WORKLOAD = 4;

  static NodeState of(
      String node,
      EdgeSettings settings,
      CredentialTimes times,
      InstantSource clock,
      Ticker ticker,
      DoubleSupplier random,
      Consumer<Boolean> turned) {
    EdgeSettings.Limits limits = settings.limits();
    ClusterKeys keys = new ClusterKeys(clock);
    Journal<AssociationKey> newlyKnown = new Journal<>(JOURNAL_SIZE);
    MinPositions minPositions =
        new MinPositions(limits.workloads() * MIN_POSITIONS_PER_WORKLOAD, ticker);
    return new NodeState(
        keys,
        new WorkloadTokens(
            node,
            keys,
            new TokenMemory(limits.tokens(), settings.credentials().tokenMemory(), clock, ticker),
            clock),
        minPositions,
        new StalenessGuard(settings.maxStaleness(), ticker, turned),
        new PodRevocations(),
        new NodeMemory(
            new SessionCache(limits.workloads(), times, minPositions, clock, random, newlyKnown),
            new RefusalCache(limits.tokens(), times.refusalMemory(), ticker, newlyKnown),
            // One for the pod and one for its service account.
            new RefreshTokens(2 * limits.workloads(), clock)),
        new ServedPods(limits.tokens(), ticker),
        newlyKnown);
  }

  /** Returns a reader of brokers' answers into this state. */
  BrokerAnswers brokerAnswers() {
    return new BrokerAnswers(tokens, memory, minPositions, podRevocations, served);
  }

  /**
   * Returns what answers from this state and fetches the rest.
   *
   * @param pods confirms with brokers that a new pod exists
   * @param age whether a pod is so new that its association may not have arrived
   */
  NodeCredentials credentials(Fetcher fetcher, PodLookup pods, TokenAge age) {
    return new NodeCredentials(
        memory,
        fetcher,
        staleness,
        podRevocations,
        new NewPodCheck(served, pods, deletedPods(), tokens),
        age);
  }

  /** Returns what drops the state of deleted pods. */
  DeletedPods deletedPods() {
    return new DeletedPods(tokens, memory, served);
  }

  static CredentialTimes times(EdgeSettings settings) {
    EdgeSettings.Credentials credentials = settings.credentials();
    return new CredentialTimes(
        credentials.refreshFraction(),
        credentials.minRemaining(),
        credentials.alarm(),
        credentials.refusalMemory(),
        credentials.associationWait(),
        settings.upstream().flightDeadline());
  }

  /** Returns the age in seconds; -1 if there is no key set. */
  double keySetAge(Instant now) {
    return keys.fetchedAt()
        .map(fetched -> Duration.between(fetched, now).toMillis() / 1e3)
        .orElse(-1.0);
  }
}
