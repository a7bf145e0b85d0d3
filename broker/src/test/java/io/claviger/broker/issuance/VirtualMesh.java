package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.association.AssociationTable;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.LogEntry;
import io.claviger.broker.association.Permissions;
import io.claviger.broker.association.Revocations;
import io.claviger.broker.association.TableChange;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.association.RevokedSubject;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.CredentialEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Brokers in one thread, in a time that the test moves. */
final class VirtualMesh {
  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final InstantSource clock = () -> Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
  Revocations revocations = new AssociationTable(1).revocations();
  Grants grants = Samples.GRANTS;
  final Permissions permissions =
      (workload, association) ->
          Permissions.of(() -> grants, revocations).denial(workload, association);
  final FakeStore store = new FakeStore();
  final FakeSts sts = new FakeSts(clock);
  final List<CredentialEvent> events = new CopyOnWriteArrayList<>();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FakeAssociations table = new FakeAssociations();

  static Revocation revocation(String subject) {
    return new Revocation("c1", RevokedSubject.parse(subject), Instant.EPOCH, "key/security");
  }

  void revoke(String subject) {
    AssociationTable revoking = new AssociationTable(1);
    revoking.apply(
        0, new LogEntry.Revoked(RevocationChange.of(revocation(subject), new Position(0, 1))));
    revocations = revoking.revocations();
  }

  /** Returns a broker that owns every key. */
  Issuance owner() {
    return broker(
        table,
        key -> new SessionOwners.Owner.Here(),
        (node, request, timeout) ->
            CompletableFuture.failedFuture(new AssertionError("asks nobody")));
  }

  /** Returns such a broker a day after the first revision of its association. */
  Issuance ownerOnItsSecondDay() {
    Issuance owner = owner();
    table.put(Samples.association(1));
    pass(Duration.ofDays(1));
    return owner;
  }

  Issuance broker(FakeAssociations associations, SessionOwners owners, PeerSessions peers) {
    return new Issuance(
        "broker-1",
        Map.of("c1", Samples.CLUSTER),
        new Issuance.Ports(
            associations,
            sts,
            Samples.quotas(clock),
            store,
            owners,
            peers,
            events::add,
            permissions),
        Samples.LIMITS,
        new Issuance.Environment(clock, () -> 0.5, time, meters));
  }

  void pass(Duration duration) {
    time.advanceTimeBy(duration);
  }

  void passMillis(long millis) {
    pass(Duration.ofMillis(millis));
  }

  CompletableFuture<IssueOutcome> issue(Issuance broker) {
    return issue(broker, RequestPriority.FIRST);
  }

  CompletableFuture<IssueOutcome> issue(Issuance broker, RequestPriority priority) {
    return broker.issuer().issue(Samples.CART, priority, Position.NONE).toCompletableFuture();
  }

  /** Applies a change to the table and notifies the broker, as the table would. */
  void change(Issuance broker, @Nullable Association after) {
    AssociationKey key = AssociationKey.of(Samples.CART);
    Optional<Association> before = table.current(key);
    Position follows = table.position("c1");
    if (after == null) {
      table.remove(key);
    } else {
      table.put(after);
    }
    broker
        .invalidation()
        .applied(
            new TableChange(
                key, before, Optional.ofNullable(after), table.position("c1"), follows));
  }

  /** Puts a session of the association's revision where all brokers see it. */
  SessionCredentials store(long revision, String id, Duration age, Duration life) {
    SessionCredentials session = Samples.session(id, clock.instant().minus(age), life);
    store.shared.put(plan(revision).key(), session);
    return session;
  }

  static SessionPlan plan(long revision) {
    return new SessionPlanner(Map.of("c1", Samples.CLUSTER), Duration.ofHours(1))
        .plan(Samples.association(revision), Samples.CART)
        .orElseThrow();
  }

  static SessionCredentials issued(CompletableFuture<IssueOutcome> outcome) {
    assertThat(outcome).isCompleted();
    assertThat(outcome.join()).isInstanceOf(IssueOutcome.Issued.class);
    return ((IssueOutcome.Issued) outcome.join()).credentials();
  }

  List<CredentialEvent.Type> eventTypes() {
    return events.stream().map(CredentialEvent::type).toList();
  }
}
