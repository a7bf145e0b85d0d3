package io.claviger.broker.cli;

import io.claviger.broker.cli.manifest.AssociationManifest.InvalidManifestException;
import io.claviger.schemas.association.AssociationSpec;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code associations apply}: creates and changes associations to match manifests. */
@Command(
    name = "apply",
    description = "Creates and changes associations to match manifest files.",
    mixinStandardHelpOptions = true)
final class ApplyCommand extends CliCommand {

  @Mixin private ApiOptions api = new ApiOptions();

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description =
          "YAML documents of kind PodIdentityAssociation: a file, a directory of .yaml and .yml"
              + " files, or - for standard input.")
  private String file = "";

  @Option(
      names = "--prune",
      description = "Also delete undeclared associations, in the namespaces that the files name.")
  private boolean prune;

  @Option(names = "--all-namespaces", description = "With --prune: delete in every namespace.")
  private boolean everyNamespace;

  @Option(names = "--dry-run", description = "Show what would change; change nothing.")
  private boolean dryRun;

  /** Returns 0 when all associations match, 1 when a call failed, 2 for bad usage. */
  @Override
  public Integer call() {
    if (everyNamespace && !prune) {
      throw usage("--all-namespaces needs --prune: it widens what --prune deletes");
    }
    List<AssociationSpec> declared = read();
    ApplyAssociations.Mode mode = new ApplyAssociations.Mode(prune, everyNamespace, dryRun);
    return api.run(
        client -> new ApplyAssociations(client).apply(declared, mode, this::print) ? 0 : 1);
  }

  private List<AssociationSpec> read() {
    try {
      return ManifestFiles.read(file, System.in);
    } catch (InvalidManifestException e) {
      throw usage(e.getMessage());
    }
  }

  private void print(String line, ApplyAssociations.Result result) {
    boolean good = result == ApplyAssociations.Result.AS_DECLARED;
    PrintWriter to = good ? out() : err();
    to.println(line);
    to.flush();
  }
}
