package io.claviger.broker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bind}: binds a registered cluster to a recreated Kubernetes cluster. */
@Command(
    name = "bind",
    description = {
      "Binds the registered cluster to a Kubernetes cluster, after that cluster was recreated.",
      "Brokers then delete associations that objects of the old cluster had made, unless an object",
      "of the new cluster declares them. Apply the objects to the new cluster first."
    },
    mixinStandardHelpOptions = true)
public final class BindCommand extends CliCommand {

  @Mixin private ApiOptions api = new ApiOptions();

  @Parameters(
      paramLabel = "UID",
      description =
          "The uid of the new cluster's namespace kube-system: kubectl get namespace kube-system"
              + " -o jsonpath='{.metadata.uid}'.")
  private String uid = "";

  @Override
  public Integer call() {
    return api.run(
        (extensions, associations) -> {
          String bound = extensions.bind(uid);
          out().println("bound to the Kubernetes cluster whose kube-system has the uid " + bound);
          return 0;
        });
  }
}
