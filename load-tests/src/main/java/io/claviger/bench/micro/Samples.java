package io.claviger.bench.micro;

import io.claviger.config.trust.WarmUpTokens;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.OpenedSession;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Input of the benchmarks, with the sizes of production. */
final class Samples {

  static final Instant NOW = WarmUpTokens.ISSUED.plusSeconds(60);

  static final WorkloadIdentity WORKLOAD =
      new WorkloadIdentity(
          "local",
          "shop",
          "checkout",
          "checkout-6b7f9c6d5-x2x7q",
          "0b5f1f0e-7c0a-4d39-9c5e-3f2b7e9b8a11",
          "node-1",
          "4f4e2f2a-5d0b-4c25-8a59-6d7d5a1f1c22");

  static final Association ASSOCIATION =
      new Association(
          "a-0123456789abcdefg",
          "local",
          new AssociationSpec(
              "shop",
              "checkout",
              "arn:aws:iam::123456789012:role/pods/checkout",
              null,
              false,
              null,
              Map.of("team", "shop")),
          "key/platform",
          3,
          NOW,
          NOW);

  /** STS's session tokens have 700 to 1,100 characters. */
  static final SessionCredentials CREDENTIALS =
      new SessionCredentials(
          "ASIAEXAMPLEEXAMPLE01",
          "x".repeat(40),
          "y".repeat(900),
          "123456789012",
          "arn:aws:sts::123456789012:assumed-role/checkout/shop.checkout-0123456789abcdef",
          "AROAEXAMPLEEXAMPLE01:shop.checkout-0123456789abcdef",
          NOW,
          NOW.plus(Duration.ofHours(1)));

  static final CredentialReply.Issued REPLY =
      new CredentialReply.Issued(
          WORKLOAD,
          NOW.plus(Duration.ofHours(24)),
          TagScope.SERVICE_ACCOUNT,
          ASSOCIATION.id(),
          ASSOCIATION.revision(),
          new Position(1, 42),
          CREDENTIALS);

  static final CredentialEvent EVENT =
      CredentialEvent.of(CredentialEvent.Type.ISSUED, NOW, "broker-1", "local")
          .of(WORKLOAD)
          .under(ASSOCIATION.id(), ASSOCIATION.revision())
          .role(ASSOCIATION.spec().roleArn())
          .session("shop.checkout-0123456789abcdef")
          .key(CREDENTIALS.accessKeyId(), CREDENTIALS.expiration(), "0f0f0f0f-1111-2222-3333")
          .opened(
              new OpenedSession(
                  Map.of("kubernetes-namespace", "shop", "kubernetes-service-account", "checkout"),
                  4,
                  3_600,
                  null))
          .build();

  private Samples() {}
}
