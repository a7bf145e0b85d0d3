package io.claviger.broker.cli.migration;

import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.broker.cli.migration.Imported.Found;
import io.claviger.schemas.association.AssociationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Imports service accounts with IRSA, where an annotation names the role. */
public final class IrsaServiceAccounts {

  private static final String ROLE = "eks.amazonaws.com/role-arn";
  private static final String EXPIRATION = "eks.amazonaws.com/token-expiration";
  private static final String AUDIENCE = "eks.amazonaws.com/audience";

  private IrsaServiceAccounts() {}

  /**
   * Reads the output of {@code kubectl get serviceaccounts -A -o yaml}. Ignores service accounts
   * without the annotation.
   *
   * @throws IllegalArgumentException when the text contains no objects
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
        skipped.add(KubernetesList.named(object) + ": " + ROLE + " is not a role ARN");
      } else {
        found.add(found(object, role, annotations));
      }
    }
    return new Imported(found, skipped);
  }

  private static Found found(JsonNode object, String role, JsonNode annotations) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "once the association works, remove the annotation "
            + ROLE
            + ": SDKs use its web identity first");
    if (annotations.has(EXPIRATION)) {
      notes.add(
          "%s: %s stays: it also sets the lifetime of the pods' tokens here"
              .formatted(EXPIRATION, annotations.path(EXPIRATION).asText()));
    }
    if (annotations.has(AUDIENCE)) {
      notes.add(AUDIENCE + " is ignored: all tokens have the audience of the cluster");
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
