package io.claviger.launcher;

import io.claviger.launcher.kube.ApiKey;
import io.claviger.launcher.kube.KubeBrokers;
import io.claviger.launcher.kube.PortForward;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.PrivateFiles;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code claviger env --kube}: connects an operator's shell to brokers on a cluster. */
final class KubeOptions {

  @Option(
      names = "--kube",
      required = true,
      description = {
        "Make this shell an operator's of brokers on Kubernetes: forwards a port of this machine to"
            + " their API until --stop. All AWS calls of this shell then trust only the brokers'"
            + " certificate authority."
      })
  private boolean kube;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The kubeconfig's context. Default: the current one.")
  private @Nullable String context;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "claviger",
      description = "The brokers' namespace. Default: ${DEFAULT-VALUE}")
  private String namespace = "claviger";

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description = "Which access key of the Secret claviger-access-keys. Default: the only one.")
  private @Nullable String key;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "A profile of your AWS configuration to use instead of the Secret's key.")
  private @Nullable String profile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "The brokers' certificate authority, PEM. Default: the ConfigMap claviger-ca.")
  private @Nullable Path authority;

  @Option(names = "--stop", description = "End the port-forward.")
  private boolean stop;

  /** The lines to print. */
  List<String> lines(Path directory) {
    PrivateFiles.directory(directory);
    PortForward forward = new PortForward(directory);
    if (stop) {
      forward.stop();
      return ShellLines.nobody();
    }
    try (KubeBrokers brokers = KubeBrokers.open(context, namespace)) {
      Pod ready = brokers.ready();
      String trusted = authority == null ? brokers.authority() : read(authority);
      @Nullable ApiKey secret =
          profile == null ? brokers.accessKey(ready, Optional.ofNullable(key)) : null;
      Optional<KubeBrokers.Registered> cluster = brokers.onlyCluster(ready);
      Path bundle = PrivateFiles.write(directory.resolve("ca.crt"), trusted);
      return ShellLines.kube(
          forward.open(brokers.target(), trusted), bundle, cluster.orElse(null), secret, profile);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new MeshException("cannot read " + file, e);
    }
  }
}
