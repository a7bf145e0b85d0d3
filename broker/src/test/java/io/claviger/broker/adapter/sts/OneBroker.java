package io.claviger.broker.adapter.sts;

import io.claviger.broker.association.Associations;
import io.claviger.broker.association.TableChange;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.broker.issuance.Issuance;
import io.claviger.broker.issuance.IssuanceLimits;
import io.claviger.broker.issuance.IssueOutcome;
import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.issuance.SessionOwners;
import io.claviger.broker.issuance.SessionStore;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The issuance of one broker with an in-memory table and store. */
final class OneBroker implements AutoCloseable {

  static final String CLUSTER = "c1";
  static final int SLOTS = 16;

  final Map<SessionKey, SessionCredentials> stored = new ConcurrentHashMap<>();
  final List<CredentialEvent> events = new CopyOnWriteArrayList<>();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<AssociationKey, Association> table = new ConcurrentHashMap<>();
  private final Scheduler scheduler = Schedulers.newSingle("issuance-it", true);
  private final Issuance issuance;
  private volatile Position position = Position.NONE;

  OneBroker(RoleSessions roleSessions, Quotas quotas) {
    this(roleSessions, quotas, SLOTS);
  }

  OneBroker(RoleSessions roleSessions, Quotas quotas, int slots) {
    issuance =
        new Issuance(
            "broker-1",
            Map.of(
                CLUSTER,
                new ClusterProfile(
                    CLUSTER,
                    "arn:aws:eks:eu-central-1:111122223333:cluster/c1",
                    StsFixture.ACCOUNT,
                    "eu-central-1",
                    TagScope.SERVICE_ACCOUNT)),
            new Issuance.Ports(
                new Table(),
                roleSessions,
                quotas,
                new Store(),
                key -> new SessionOwners.Owner.Here(),
                (node, request, timeout) ->
                    CompletableFuture.failedFuture(new AssertionError("no peers")),
                events::add,
                (workload, association) -> Optional.empty()),
            new IssuanceLimits(
                slots,
                20_000,
                Duration.ofMillis(5),
                0.45,
                Duration.ofSeconds(60),
                Duration.ofSeconds(8),
                Duration.ofMillis(150),
                Duration.ofHours(1)),
            new Issuance.Environment(InstantSource.system(), () -> 0.5, scheduler, meters));
  }

  /** Applies an association of {@code shop/<service account>} and notifies issuance. */
  void associate(String serviceAccount, long revision, String role) {
    associate(serviceAccount, revision, role, Map.of());
  }

  /** Applies an association whose pods each get their own session. */
  void associateEachPod(String serviceAccount, String role) {
    associate(serviceAccount, 1, role, Map.of("claviger.io/tag-scope", "pod"));
  }

  private void associate(
      String serviceAccount, long revision, String role, Map<String, String> tags) {
    AssociationSpec spec =
        new AssociationSpec("shop", serviceAccount, role, null, false, null, tags);
    Association after =
        new Association(
            "a-" + serviceAccount,
            CLUSTER,
            spec,
            "key/tester",
            revision,
            Instant.EPOCH,
            Instant.EPOCH);
    Position follows = position;
    position = position.next();
    Optional<Association> before = Optional.ofNullable(table.put(after.key(), after));
    issuance
        .invalidation()
        .applied(new TableChange(after.key(), before, Optional.of(after), position, follows));
  }

  void dissociate(String serviceAccount) {
    AssociationKey key = new AssociationKey(CLUSTER, "shop", serviceAccount);
    Position follows = position;
    position = position.next();
    Optional<Association> before = Optional.ofNullable(table.remove(key));
    issuance
        .invalidation()
        .applied(new TableChange(key, before, Optional.empty(), position, follows));
  }

  CompletableFuture<IssueOutcome> issue(String serviceAccount) {
    return issue(pod(serviceAccount, "1"), RequestPriority.FIRST);
  }

  CompletableFuture<IssueOutcome> issue(WorkloadIdentity pod, RequestPriority priority) {
    return issuance.issuer().issue(pod, priority, Position.NONE).toCompletableFuture();
  }

  static WorkloadIdentity pod(String serviceAccount, String id) {
    return new WorkloadIdentity(
        CLUSTER, "shop", serviceAccount, "pod-" + id, "uid-" + id, "node-1");
  }

  /** Puts a pod's own session where all brokers see it. */
  void hold(WorkloadIdentity pod, SessionCredentials session) {
    Association association = Objects.requireNonNull(table.get(AssociationKey.of(pod)));
    stored.put(SessionKey.of(association, pod, TagScope.POD), session);
  }

  @Override
  public void close() {
    issuance.close();
    scheduler.dispose();
  }

  private final class Table implements Associations {
    @Override
    public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
      Lookup lookup =
          current(key)
              .<Lookup>map(found -> new Lookup.Found(found, position))
              .orElseGet(() -> new Lookup.Absent(position));
      return CompletableFuture.completedFuture(lookup);
    }

    @Override
    public Optional<Association> current(AssociationKey key) {
      return Optional.ofNullable(table.get(key));
    }

    @Override
    public Position position(String cluster) {
      return position;
    }
  }

  private final class Store implements SessionStore {
    @Override
    public Optional<SessionCredentials> find(SessionKey key) {
      return Optional.ofNullable(stored.get(key));
    }

    @Override
    public CompletionStage<Void> putAll(Map<SessionKey, SessionCredentials> sessions) {
      stored.putAll(sessions);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Boolean> dropOtherRevisions(String associationId, OptionalLong kept) {
      return CompletableFuture.completedFuture(
          stored
              .keySet()
              .removeIf(
                  key ->
                      key.associationId().equals(associationId)
                          && (kept.isEmpty() || key.revision() != kept.getAsLong())));
    }
  }
}
