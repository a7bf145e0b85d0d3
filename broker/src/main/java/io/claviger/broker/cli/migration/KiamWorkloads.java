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
 * Pods that get their roles by kiam or kube2iam: an annotation of the pod, or of the template that
 * it is made from, names the role. Here a role is the service account's, not the pod's.
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
   * Reads what {@code kubectl get pods,deployments,... -A -o yaml} prints; what has no annotation
   * is left out.
   *
   * @param rolePrefix what a role's name has to be put behind to be its ARN
   * @throws IllegalArgumentException when there are no objects in it
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
              + " is no role's ARN, nor its name with --cluster-arn for the account");
      return;
    }
    add(object, pod.path("spec").path("serviceAccountName").asText("default"), arn);
  }

  /** A pod, or what it is made from. */
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
                  "every pod of the namespace without a service account of its own would get the"
                      + " role: give this one its own")
              : first);
    } else if (!before.spec().roleArn().equals(role)) {
      skipped.add(
          "%s: %s has another role already; for %s give it a service account of its own"
              .formatted(KubernetesList.named(object), key, role));
    }
  }
}
