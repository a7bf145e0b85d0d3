package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.util.Optional;

/** The association of a service account, as brokers' API tells it. */
final class AssociationCheck {

  private static final String NAME = "association";

  private final AssociationSource associations;
  private final Remedies remedies;

  AssociationCheck(AssociationSource associations, Remedies remedies) {
    this.associations = associations;
    this.remedies = remedies;
  }

  Finding look() {
    String workload = remedies.namespace() + "/" + remedies.serviceAccount();
    try {
      Optional<String> role = associations.role(remedies.namespace(), remedies.serviceAccount());
      return role.map(arn -> Finding.ok(NAME, workload + " has " + arn))
          .orElseGet(
              () ->
                  Finding.fail(
                      NAME, workload + " has none that this key may see", remedies.create()));
    } catch (IOException e) {
      return Finding.fail(
          NAME,
          "the API says: " + e.getMessage(),
          "check --endpoint-url, the access key and its grants: docs/associations.md");
    }
  }
}
