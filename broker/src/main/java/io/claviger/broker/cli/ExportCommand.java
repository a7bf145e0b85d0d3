package io.claviger.broker.cli;

import io.claviger.broker.cli.manifest.AssociationManifest;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code associations export}: the same associations are the same text, whenever it is asked. */
@Command(
    name = "export",
    description = "Prints all associations as manifests, as apply reads them.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private ApiOptions api = new ApiOptions();

  @Option(names = "--namespace", paramLabel = "NAME", description = "Only of this namespace.")
  private @Nullable String namespace;

  @Override
  public Integer call() {
    return api.run(
        client -> {
          PrintWriter out = command.commandLine().getOut();
          out.print(
              AssociationManifest.write(
                  client.describeAll(namespace, null).stream()
                      .map(RemoteAssociation::spec)
                      .toList()));
          out.flush();
          return 0;
        });
  }
}
