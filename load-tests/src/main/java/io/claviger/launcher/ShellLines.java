package io.claviger.launcher;

import io.claviger.launcher.kube.ApiKey;
import io.claviger.launcher.kube.KubeBrokers;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshState;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lines for a POSIX shell that set the environment of a pod, or of an operator, of a mesh. */
final class ShellLines {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

  private final List<String> lines = new ArrayList<>();

  private ShellLines() {}

  /**
   * Lines for the default pod. The edge is the only source of credentials.
   *
   * @throws MeshException while the mesh is not ready
   */
  static List<String> pod(MeshState mesh) {
    if (mesh.credentials() == null || mesh.tokenFile() == null) {
      throw new MeshException("the mesh is not ready yet");
    }
    return new ShellLines()
        .export("AWS_CONTAINER_CREDENTIALS_FULL_URI", mesh.credentials())
        .export("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", mesh.tokenFile())
        .export("AWS_ENDPOINT_URL_STS", mesh.sts())
        .cluster(mesh)
        .unset("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE")
        .unset("AWS_ENDPOINT_URL_EKS", "AWS_ENDPOINT_URL_EKS_AUTH", "CLAVIGER_KAFKA")
        .lines;
  }

  /**
   * Lines for the operator: the key and the endpoints of the mesh's own APIs. They unset the pod's
   * variables.
   *
   * @throws MeshException while no broker is started
   */
  static List<String> operator(MeshState mesh) {
    if (mesh.eks() == null) {
      throw new MeshException("the mesh is not ready yet");
    }
    return new ShellLines()
        .export("AWS_ACCESS_KEY_ID", mesh.admin().id())
        .export("AWS_SECRET_ACCESS_KEY", mesh.admin().secret())
        .export("AWS_ENDPOINT_URL_EKS", mesh.eks())
        .export("AWS_ENDPOINT_URL_EKS_AUTH", mesh.eksAuth())
        .cluster(mesh)
        .export("CLAVIGER_KAFKA", mesh.kafka())
        .unset(
            "AWS_SESSION_TOKEN",
            "AWS_PROFILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_CA_BUNDLE")
        .lines;
  }

  /**
   * Lines for an operator of brokers on Kubernetes.
   *
   * @param endpoint of the brokers' API
   * @param authority file of the certificates that AWS's tools trust for every call of the shell;
   *     they trust no others
   * @param cluster the registered cluster; absent when there are several
   * @param key absent where the profile has it
   */
  static List<String> kube(
      URI endpoint,
      Path authority,
      KubeBrokers.@Nullable Registered cluster,
      @Nullable ApiKey key,
      @Nullable String profile) {
    ShellLines lines =
        new ShellLines()
            .export("AWS_ENDPOINT_URL_EKS", endpoint)
            .export("AWS_CA_BUNDLE", authority)
            .export("AWS_ACCESS_KEY_ID", key == null ? null : key.id())
            .export("AWS_SECRET_ACCESS_KEY", key == null ? null : key.secret())
            .export("AWS_PROFILE", profile);
    if (cluster != null) {
      lines
          .export("AWS_REGION", cluster.region())
          .export("AWS_DEFAULT_REGION", cluster.region())
          .export("CLAVIGER_CLUSTER", cluster.name());
    }
    return lines.unset(
            "AWS_SESSION_TOKEN",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_ENDPOINT_URL_EKS_AUTH")
        .lines;
  }

  /** Unsets what {@link #kube} has set. */
  static List<String> nobody() {
    return new ShellLines()
        .unset(
            "AWS_ENDPOINT_URL_EKS",
            "AWS_CA_BUNDLE",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "CLAVIGER_CLUSTER")
        .lines;
  }

  private ShellLines cluster(MeshState mesh) {
    // boto3 and the first CLI read the Region from the second variable only.
    return export("AWS_REGION", mesh.cluster().region())
        .export("AWS_DEFAULT_REGION", mesh.cluster().region())
        .export("CLAVIGER_CLUSTER", mesh.cluster().name())
        .export("CLAVIGER_ACCOUNT", mesh.cluster().account());
  }

  private ShellLines export(String name, @Nullable Object value) {
    return value == null ? unset(name) : add("export " + name + "=" + quoted(value.toString()));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** Quotes a word of a command line where it is necessary. */
  static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : quoted(text);
  }

  private ShellLines unset(String... names) {
    return add("unset " + String.join(" ", names));
  }

  private ShellLines add(String line) {
    lines.add(line);
    return this;
  }
}
