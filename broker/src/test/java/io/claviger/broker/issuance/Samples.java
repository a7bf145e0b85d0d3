package io.claviger.broker.issuance;

import io.claviger.broker.association.Grant;
import io.claviger.broker.association.Grants;
import io.claviger.broker.association.Permissions;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.workload.WorkloadIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Initial values for tests of this package. */
final class Samples {
  static final ClusterProfile CLUSTER =
      new ClusterProfile(
          "c1",
          "arn:aws:eks:eu-central-1:111122223333:cluster/c1",
          "111122223333",
          "eu-central-1",
          TagScope.SERVICE_ACCOUNT);
  static final Grants GRANTS = new Grants(List.of(Grant.ofEverything("key/tester")));
  static final Permissions PERMITTED = (workload, association) -> Optional.empty();
  static final WorkloadIdentity CART = pod("cart-7", "uid-7");
  static final IssuanceLimits LIMITS =
      new IssuanceLimits(
          64,
          20_000,
          Duration.ofMillis(5),
          0.45,
          Duration.ofSeconds(60),
          Duration.ofSeconds(8),
          Duration.ofMillis(150),
          Duration.ofHours(1));

  private Samples() {}

  /** Longer than any test takes. */
  static Quotas quotas(InstantSource clock) {
    return new Quotas(
        Map.of(Quotas.USUAL, 100_000),
        1,
        () -> 1,
        () -> clock.millis() * 1_000_000,
        new SimpleMeterRegistry());
  }

  static WorkloadIdentity pod(String name, String uid) {
    return new WorkloadIdentity("c1", "shop", "cart", name, uid, "node-1");
  }

  static AssociationSpec spec(Map<String, String> tags) {
    return new AssociationSpec(
        "shop", "cart", "arn:aws:iam::111122223333:role/pods/cart", null, false, null, tags);
  }

  static Association association(long revision) {
    return association(revision, spec(Map.of()));
  }

  static Association association(long revision, AssociationSpec spec) {
    return new Association(
        "a-12345678901234567", "c1", spec, "key/tester", revision, Instant.EPOCH, Instant.EPOCH);
  }

  static SessionCredentials session(String id, Instant issuedAt, Duration life) {
    return new SessionCredentials(
        id,
        "secret-of-" + id,
        "token-of-" + id,
        "111122223333",
        "arn:aws:sts::111122223333:assumed-role/cart/shop.cart",
        "AROA:shop.cart",
        issuedAt,
        issuedAt.plus(life));
  }
}
