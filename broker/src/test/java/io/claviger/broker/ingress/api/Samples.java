package io.claviger.broker.ingress.api;

import io.claviger.broker.issuance.ClusterProfile;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.TagScope;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Associations of a cluster in a partition other than aws. */
final class Samples {

  static final ClusterProfile CLUSTER =
      new ClusterProfile(
          "c1",
          "arn:aws-cn:eks:cn-north-1:111122223333:cluster/c1",
          "111122223333",
          "cn-north-1",
          TagScope.SERVICE_ACCOUNT);
  static final ClusterDescription DESCRIPTION =
      new ClusterDescription(
          CLUSTER.name(),
          CLUSTER.arn(),
          "https://issuer.example.org/c1",
          URI.create("https://c1.example.org:6443"));
  static final AssociationArns ARNS = new AssociationArns(Map.of("c1", CLUSTER));
  static final String ID = "a-abcdefghijklmnop1";
  static final String ARN =
      "arn:aws-cn:eks:cn-north-1:111122223333:podidentityassociation/c1/" + ID;
  static final Instant CREATED = Instant.parse("2026-11-24T12:00:00.123456Z");

  private Samples() {}

  static Association association(@Nullable String targetRoleArn) {
    return new Association(
        ID,
        "c1",
        new AssociationSpec(
            "shop",
            "cart",
            "arn:aws-cn:iam::111122223333:role/reader",
            targetRoleArn,
            false,
            null,
            Map.of("team", "one")),
        "key/tester",
        3,
        CREATED,
        CREATED.plusSeconds(60));
  }
}
