package io.claviger.broker.cli;

import io.claviger.broker.cli.manifest.AssociationManifest;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code associations export}: the same associations are the same text, whenever it is asked. */
@Command(
    name = "export",
    description = "Prints all associations as manifests, as apply reads them.",
    mixinStandardHelpOptions = true)
final class ExportCommand extends CliCommand {

  @Mixin private ApiOptions api = new ApiOptions();

  @Option(names = "--namespace", paramLabel = "NAME", description = "Only of this namespace.")
  private @Nullable String namespace;

  @Override
  public Integer call() {
    return api.run(
        client -> {
          PrintWriter out = out();
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
