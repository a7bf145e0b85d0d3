package io.claviger.broker.cli;

import io.claviger.schemas.association.AssociationSpec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociation;

/**
 * An association in an answer of the API.
 *
 * @param id {@code a-} and 17 more characters
 * @param arn the resource of tag requests
 * @param spec the declarable fields
 * @param all all fields of the answer, by their names in the API
 */
record RemoteAssociation(String id, String arn, AssociationSpec spec, Map<String, Object> all) {

  static RemoteAssociation of(PodIdentityAssociation answer) {
    AssociationSpec spec =
        new AssociationSpec(
            answer.namespace(),
            answer.serviceAccount(),
            answer.roleArn(),
            answer.targetRoleArn(),
            Boolean.TRUE.equals(answer.disableSessionTags()),
            answer.policy(),
            answer.tags());
    return new RemoteAssociation(
        answer.associationId(), answer.associationArn(), spec, fields(answer, spec));
  }

  /** The name in kubectl's form. */
  String name() {
    return name(spec.namespace(), spec.serviceAccount());
  }

  static String name(String namespace, String serviceAccount) {
    return "podidentityassociation/" + namespace + "/" + serviceAccount;
  }

  private static Map<String, Object> fields(PodIdentityAssociation answer, AssociationSpec spec) {
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "clusterName", answer.clusterName());
    put(fields, "namespace", spec.namespace());
    put(fields, "serviceAccount", spec.serviceAccount());
    put(fields, "roleArn", spec.roleArn());
    put(fields, "associationArn", answer.associationArn());
    put(fields, "associationId", answer.associationId());
    put(fields, "tags", new TreeMap<>(spec.tags()));
    put(fields, "createdAt", text(answer.createdAt()));
    put(fields, "modifiedAt", text(answer.modifiedAt()));
    put(fields, "ownerArn", answer.ownerArn());
    put(fields, "disableSessionTags", spec.disableSessionTags());
    put(fields, "targetRoleArn", spec.targetRoleArn());
    put(fields, "externalId", answer.externalId());
    put(fields, "policy", spec.policy());
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
