package io.claviger.broker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code bind}: says that a registered cluster is another Kubernetes cluster than before. */
@Command(
    name = "bind",
    description = {
      "Says which Kubernetes cluster the associations are of, after the cluster was made anew.",
      "What objects have made is deleted where no object of that cluster declares it."
    },
    mixinStandardHelpOptions = true)
public final class BindCommand extends CliCommand {

  @Mixin private ApiOptions api = new ApiOptions();

  @Parameters(
      paramLabel = "UID",
      description =
          "The uid of its namespace kube-system: kubectl get namespace kube-system"
              + " -o jsonpath='{.metadata.uid}'.")
  private String uid = "";

  @Override
  public Integer call() {
    return api.run(
        (extensions, associations) -> {
          String bound = extensions.bind(uid);
          out().println("bound to the Kubernetes cluster whose namespace kube-system is " + bound);
          return 0;
        });
  }
}
