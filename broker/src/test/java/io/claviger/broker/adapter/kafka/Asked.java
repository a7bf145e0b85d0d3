package io.claviger.broker.adapter.kafka;

import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationCommand.Operation;
import io.claviger.schemas.association.AssociationSpec;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Commands that tests send. */
final class Asked {

  static final String ACCOUNT = "123456789012";
  static final String ACTOR = "key/tester";
  static final String NAMESPACE = "shop";

  private Asked() {}

  /** Returns a cluster's name that no other test has used. */
  static String newCluster() {
    return "c-" + UUID.randomUUID().toString().substring(0, 13);
  }

  static AssociationSpec spec(String serviceAccount, String role) {
    return new AssociationSpec(
        NAMESPACE, serviceAccount, roleArn(role), null, false, null, Map.of("team", "one"));
  }

  static String roleArn(String role) {
    return "arn:aws:iam::" + ACCOUNT + ":role/" + role;
  }

  static AssociationCommand create(String cluster, String serviceAccount) {
    return command(cluster, new AssociationCommand.Create(spec(serviceAccount, serviceAccount)));
  }

  static AssociationCommand update(String cluster, String id, String role) {
    return command(
        cluster, new AssociationCommand.Update(id, roleArn(role), null, null, null, null));
  }

  static AssociationCommand delete(String cluster, String id) {
    return command(cluster, new AssociationCommand.Delete(id, null));
  }

  static AssociationCommand command(String cluster, Operation operation) {
    return command(cluster, UUID.randomUUID().toString(), operation);
  }

  static AssociationCommand command(String cluster, String token, Operation operation) {
    return AssociationCommand.of(cluster, token, ACTOR, Instant.now(), operation);
  }
}
