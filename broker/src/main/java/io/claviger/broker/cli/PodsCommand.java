package io.claviger.broker.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pods}: finds running pods that miss their injection. */
@Command(
    name = "pods",
    description =
        "Lists running pods that have an association but were not injected with its endpoint.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Associations come from the brokers' API, including those that objects made. Pods come from",
      "kubectl, which must be installed. Both must address the same cluster: --cluster for the API,",
      "--context for kubectl. Not listed: pods that opted out, static pods, and the namespaces",
      "kube-system, claviger and kafka."
    })
public final class PodsCommand extends CliCommand {

  private final Kubectl kubectl;

  @Mixin private ApiOptions api = new ApiOptions();

  @Option(
      names = "--not-injected",
      required = true,
      description = "List the pods that were created before their association.")
  private boolean notInjected;

  @Option(names = "--namespace", paramLabel = "NAME", description = "Only this namespace.")
  private @Nullable String namespace;

  @Option(names = "--context", paramLabel = "NAME", description = "The context of kubectl.")
  private @Nullable String context;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Format format = Format.table;

  /** The formats. */
  enum Format {
    table,
    json
  }

  /** Creates the command with the kubectl on the path. */
  public PodsCommand() {
    this(Kubectl.PROGRAM);
  }

  PodsCommand(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  @Override
  public Integer call() {
    return api.run(
        client -> {
          Set<String> associated =
              client.list(namespace, null).stream()
                  .map(one -> one.namespace() + "/" + one.serviceAccount())
                  .collect(Collectors.toSet());
          try {
            print(
                NotInjectedPod.of(kubectl.get(arguments())).stream()
                    .filter(
                        pod -> associated.contains(pod.namespace() + "/" + pod.serviceAccount()))
                    .toList());
            return 0;
          } catch (IOException e) {
            return failed(e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
          }
        });
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("get", "pods", "--output=json"));
    arguments.addAll(NotInjectedPod.SELECTOR);
    arguments.add(namespace == null ? "--all-namespaces" : "--namespace=" + namespace);
    if (context != null) {
      arguments.add("--context=" + context);
    }
    return arguments;
  }

  private void print(List<NotInjectedPod> pods) {
    PrintWriter out = out();
    switch (format) {
      case table -> out.print(table(pods));
      case json ->
          out.println(
              JsonText.of(
                  Map.of("pods", pods.stream().map(pod -> pod.fields(context())).toList())));
    }
    out.flush();
  }

  private Optional<String> context() {
    return Optional.ofNullable(context);
  }

  private String table(List<NotInjectedPod> pods) {
    TextTable table = new TextTable("NAMESPACE", "POD", "SERVICEACCOUNT", "OWNER", "COMMAND");
    for (NotInjectedPod pod : pods) {
      table.row(
          pod.namespace(),
          pod.name(),
          pod.serviceAccount(),
          pod.owner().orElse("<none>"),
          pod.command(context()));
    }
    return table.toString();
  }
}
