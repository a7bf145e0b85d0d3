package io.claviger.broker.cli;

import io.claviger.broker.cli.manifest.AssociationManifest;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code associations export}: prints manifests. Equal associations give equal text. */
@Command(
    name = "export",
    description = "Prints all associations as manifests that apply reads.",
    mixinStandardHelpOptions = true)
final class ExportCommand extends CliCommand {

  @Mixin private ApiOptions api = new ApiOptions();

  @Option(names = "--namespace", paramLabel = "NAME", description = "Only this namespace.")
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
