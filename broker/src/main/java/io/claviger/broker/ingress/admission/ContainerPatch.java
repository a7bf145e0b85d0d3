package io.claviger.broker.ingress.admission;

import io.claviger.broker.ingress.admission.Pod.Container;
import io.claviger.broker.ingress.admission.Pod.EnvVar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The patch of a container: variables that AWS SDKs read, and the mount of the token volume. */
final class ContainerPatch {

  static final String URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
  static final String REGION = "AWS_REGION";
  static final String DEFAULT_REGION = "AWS_DEFAULT_REGION";
  static final String STS_ENDPOINTS = "AWS_STS_REGIONAL_ENDPOINTS";

  /** Without this variable, the AWS SDK for Java rejects fd00:ec2::23. */
  static final String ENDPOINT_MODE = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

  static final String MOUNT_PATH = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount";
  private static final String TOKEN_PATH = MOUNT_PATH + "/" + PodPatch.VOLUME;
  private static final Set<String> UNPROXIED = Set.of("NO_PROXY", "no_proxy");

  private final Injection what;
  private final String tokenPath;

  ContainerPatch(Injection what, boolean windows) {
    this.what = what;
    // On Windows, the kubelet mounts the same path; only programs need the Windows form.
    this.tokenPath = windows ? "C:" + TOKEN_PATH.replace('/', '\\') : TOKEN_PATH;
  }

  /**
   * Returns the operations for a container.
   *
   * @param path the container's path in the pod
   */
  List<PatchOperation> of(String path, Container container) {
    List<PatchOperation> operations = new ArrayList<>(proxies(path, container));
    operations.addAll(appended(path + "/env", container.env() == null, variables(container)));
    if (!container.hasMountAt(MOUNT_PATH)) {
      operations.addAll(
          appended(
              path + "/volumeMounts",
              container.volumeMounts() == null,
              List.of(Map.of("name", PodPatch.VOLUME, "mountPath", MOUNT_PATH, "readOnly", true))));
    }
    return operations;
  }

  private static List<PatchOperation> appended(
      String path, boolean absent, List<? extends Map<String, ?>> elements) {
    if (absent && !elements.isEmpty()) {
      return List.of(PatchOperation.add(path, elements));
    }
    return elements.stream().map(element -> PatchOperation.add(path + "/-", element)).toList();
  }

  private List<Map<String, String>> variables(Container container) {
    List<Map<String, String>> added = new ArrayList<>();
    if (what.stsRegionalEndpoints() && !container.hasEnv(STS_ENDPOINTS)) {
      added.add(variable(STS_ENDPOINTS, "regional"));
    }
    if (what.region().isPresent()
        && !container.hasEnv(REGION)
        && !container.hasEnv(DEFAULT_REGION)) {
      added.add(variable(DEFAULT_REGION, what.region().get()));
      added.add(variable(REGION, what.region().get()));
    }
    if (!container.hasEnv(URI) && !container.hasEnv(TOKEN_FILE)) {
      added.add(variable(URI, what.family().uri()));
      added.add(variable(TOKEN_FILE, tokenPath));
      if (what.family() == IpFamily.IPV6 && !container.hasEnv(ENDPOINT_MODE)) {
        added.add(variable(ENDPOINT_MODE, "IPv6"));
      }
    }
    return added;
  }

  private static Map<String, String> variable(String name, String value) {
    return Map.of("name", name, "value", value);
  }

  /** Appends the edge's address to the container's lists of hosts without a proxy. */
  private List<PatchOperation> proxies(String path, Container container) {
    List<PatchOperation> operations = new ArrayList<>();
    List<EnvVar> env = container.env() == null ? List.of() : container.env();
    for (int i = 0; i < env.size(); i++) {
      EnvVar one = env.get(i);
      if (one.name() != null && UNPROXIED.contains(one.name()) && one.valueFrom() == null) {
        String before = one.value() == null ? "" : one.value();
        String after = withAddress(before);
        if (!after.equals(before)) {
          String value = path + "/env/" + i + "/value";
          operations.add(
              one.value() == null
                  ? PatchOperation.add(value, after)
                  : PatchOperation.replace(value, after));
        }
      }
    }
    return operations;
  }

  private String withAddress(String hosts) {
    List<String> named = Arrays.stream(hosts.split(",", -1)).map(String::strip).toList();
    // "*" covers all hosts; some clients accept it only as the sole entry.
    if (named.contains("*")) {
      return hosts;
    }
    String added =
        what.family().unproxied().stream()
            .filter(address -> !named.contains(address))
            .collect(Collectors.joining(","));
    boolean separate = !added.isEmpty() && !hosts.isEmpty() && !hosts.endsWith(",");
    return hosts + (separate ? "," : "") + added;
  }
}
