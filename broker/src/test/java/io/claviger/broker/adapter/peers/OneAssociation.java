package io.claviger.broker.adapter.peers;

import io.claviger.broker.association.Associations;
import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.broker.issuance.Issuance;
import io.claviger.broker.issuance.IssuanceLimits;
import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.issuance.SessionOwners;
import io.claviger.broker.issuance.SessionStore;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.OpenSession;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import reactor.core.scheduler.Scheduler;

/** An issuance with one association, and a peer's requests to it. */
final class OneAssociation {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  static final SessionCredentials SESSION =
      new SessionCredentials(
          "ASIA7",
          "secret",
          "token",
          "111122223333",
          "arn:aws:sts::111122223333:assumed-role/cart/shop.cart",
          "AROA:shop.cart",
          NOW,
          NOW.plusSeconds(3600));

  private static final WorkloadIdentity CART =
      new WorkloadIdentity("c1", "shop", "cart", "cart-7", "uid-7", "node-1");
  private static final Association ASSOCIATION =
      new Association(
          "a-1",
          "c1",
          new AssociationSpec(
              "shop", "cart", "arn:aws:iam::111122223333:role/cart", null, false, null, Map.of()),
          "key/tester",
          1,
          Instant.EPOCH,
          Instant.EPOCH);

  /** A peer's request. */
  static final OpenSession REQUEST =
      new OpenSession(
          1,
          SessionKey.of(ASSOCIATION, CART, TagScope.SERVICE_ACCOUNT),
          CART,
          RequestPriority.FIRST,
          Position.NONE,
          100);

  /** A request of a peer that has the cluster registered with other settings. */
  static final OpenSession OF_ANOTHER_SCOPE =
      new OpenSession(
          1,
          SessionKey.of(ASSOCIATION, CART, TagScope.POD),
          CART,
          RequestPriority.FIRST,
          Position.NONE,
          100);

  private OneAssociation() {}

  static Issuance issuance(RoleSessions roleSessions, Scheduler scheduler) {
    return new Issuance(
        "broker-1",
        Map.of(
            "c1",
            new ClusterProfile(
                "c1",
                "arn:aws:eks:eu-central-1:111122223333:cluster/c1",
                "111122223333",
                "eu-central-1",
                TagScope.SERVICE_ACCOUNT)),
        new Issuance.Ports(
            new Table(),
            roleSessions,
            new Quotas(
                Map.of(Quotas.USUAL, 1_000),
                1,
                () -> 1,
                System::nanoTime,
                new SimpleMeterRegistry()),
            new NoStore(),
            key -> new SessionOwners.Owner.Here(),
            (node, request, timeout) ->
                CompletableFuture.failedFuture(new AssertionError("asks nobody")),
            event -> {},
            (workload, association) -> Optional.empty()),
        new IssuanceLimits(
            4,
            100,
            Duration.ofMillis(5),
            0.45,
            Duration.ofSeconds(60),
            Duration.ofSeconds(8),
            Duration.ofMillis(150),
            Duration.ofHours(1)),
        new Issuance.Environment(() -> NOW, () -> 0.5, scheduler, new SimpleMeterRegistry()));
  }

  private static final class Table implements Associations {
    @Override
    public CompletionStage<Lookup> find(AssociationKey key, Position atLeast) {
      return CompletableFuture.completedFuture(new Lookup.Found(ASSOCIATION, Position.NONE));
    }

    @Override
    public Optional<Association> current(AssociationKey key) {
      return Optional.of(ASSOCIATION);
    }

    @Override
    public Position position(String cluster) {
      return Position.NONE;
    }
  }

  private static final class NoStore implements SessionStore {
    @Override
    public Optional<SessionCredentials> find(SessionKey key) {
      return Optional.empty();
    }

    @Override
    public CompletionStage<Void> putAll(Map<SessionKey, SessionCredentials> sessions) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Boolean> dropOtherRevisions(String associationId, OptionalLong kept) {
      return new CompletableFuture<>();
    }
  }
}
