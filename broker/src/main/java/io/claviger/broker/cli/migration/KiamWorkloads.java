package io.claviger.broker.cli.migration;

import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.broker.cli.migration.Imported.Found;
import io.claviger.schemas.association.AssociationSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Imports pods with kiam or kube2iam, where an annotation of the pod or of its template names the
 * role. The role becomes that of the pod's service account.
 */
public final class KiamWorkloads {

  private static final String ROLE = "iam.amazonaws.com/role";

  private final Optional<String> rolePrefix;
  private final Map<String, Found> found = new LinkedHashMap<>();
  private final List<String> skipped = new ArrayList<>();

  private KiamWorkloads(Optional<String> rolePrefix) {
    this.rolePrefix = rolePrefix;
  }

  /**
   * Reads the output of {@code kubectl get pods,deployments,... -A -o yaml}. Ignores objects that
   * lack the annotation.
   *
   * @param rolePrefix the part of a role's ARN before its name
   * @throws IllegalArgumentException when the text contains no objects
   */
  public static Imported read(String text, Optional<String> rolePrefix) {
    KiamWorkloads workloads = new KiamWorkloads(rolePrefix);
    KubernetesList.read(text).forEach(workloads::read);
    return new Imported(List.copyOf(workloads.found.values()), workloads.skipped);
  }

  private void read(JsonNode object) {
    JsonNode pod = pod(object);
    String role = pod.path("metadata").path("annotations").path(ROLE).asText("");
    if (role.isBlank()) {
      return;
    }
    String arn =
        role.startsWith("arn:") ? role : rolePrefix.orElse("") + role.replaceFirst("^/", "");
    if (RoleArns.account(arn).isEmpty()) {
      skipped.add(
          KubernetesList.named(object)
              + ": "
              + role
              + " is not a role ARN; if it is a role name, give the account by --cluster-arn");
      return;
    }
    add(object, pod.path("spec").path("serviceAccountName").asText("default"), arn);
  }

  /** Returns the object itself if it is a pod, otherwise its pod template. */
  private static JsonNode pod(JsonNode object) {
    JsonNode spec = object.path("spec");
    JsonNode template = spec.path("jobTemplate").path("spec").path("template");
    if (template.isMissingNode()) {
      template = spec.path("template");
    }
    return template.isMissingNode() ? object : template;
  }

  private void add(JsonNode object, String serviceAccount, String role) {
    String namespace = KubernetesList.namespace(object);
    String key = namespace + "/" + serviceAccount;
    Found before = found.get(key);
    if (before == null) {
      AssociationSpec spec =
          new AssociationSpec(namespace, serviceAccount, role, null, false, null, Map.of());
      Found first = new Found(spec, List.of("from " + KubernetesList.named(object)));
      found.put(
          key,
          serviceAccount.equals("default")
              ? first.with(
                  "every pod of the namespace without its own service account would get the role:"
                      + " give this one its own")
              : first);
    } else if (!before.spec().roleArn().equals(role)) {
      skipped.add(
          "%s: %s already has another role; for %s, give it its own service account"
              .formatted(KubernetesList.named(object), key, role));
    }
  }
}
