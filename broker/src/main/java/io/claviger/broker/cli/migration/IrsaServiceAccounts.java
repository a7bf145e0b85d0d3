package io.claviger.broker.cli.migration;

import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.broker.cli.migration.Imported.Found;
import io.claviger.schemas.association.AssociationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Service accounts that get their roles by IRSA: the annotation names the role. */
public final class IrsaServiceAccounts {

  private static final String ROLE = "eks.amazonaws.com/role-arn";
  private static final String EXPIRATION = "eks.amazonaws.com/token-expiration";
  private static final String AUDIENCE = "eks.amazonaws.com/audience";

  private IrsaServiceAccounts() {}

  /**
   * Reads what {@code kubectl get serviceaccounts -A -o yaml} prints; service accounts without the
   * annotation are left out.
   *
   * @throws IllegalArgumentException when there are no objects in it
   */
  public static Imported read(String text) {
    List<Found> found = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (JsonNode object : KubernetesList.read(text)) {
      JsonNode annotations = object.path("metadata").path("annotations");
      String role = annotations.path(ROLE).asText("");
      if (!object.path("kind").asText("").equals("ServiceAccount") || role.isBlank()) {
        continue;
      }
      if (RoleArns.account(role).isEmpty()) {
        skipped.add(KubernetesList.named(object) + ": " + ROLE + " is not the ARN of a role");
      } else {
        found.add(found(object, role, annotations));
      }
    }
    return new Imported(found, skipped);
  }

  private static Found found(JsonNode object, String role, JsonNode annotations) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "once the association works, take the annotation "
            + ROLE
            + " away: SDKs ask its web identity first");
    if (annotations.has(EXPIRATION)) {
      notes.add(
          "%s: %s stays where it is: pods' tokens here obey it too"
              .formatted(EXPIRATION, annotations.path(EXPIRATION).asText()));
    }
    if (annotations.has(AUDIENCE)) {
      notes.add(AUDIENCE + " has no meaning here: the audience is the cluster's");
    }
    AssociationSpec spec =
        new AssociationSpec(
            KubernetesList.namespace(object),
            object.path("metadata").path("name").asText(""),
            role,
            null,
            false,
            null,
            Map.of());
    return new Found(spec, notes);
  }
}
