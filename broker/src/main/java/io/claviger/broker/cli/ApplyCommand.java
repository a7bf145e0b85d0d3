package io.claviger.broker.cli;

import io.claviger.broker.cli.manifest.AssociationManifest.InvalidManifestException;
import io.claviger.schemas.association.AssociationSpec;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code associations apply}: makes associations as files declare them. */
@Command(
    name = "apply",
    description = "Creates and changes associations as files declare them.",
    mixinStandardHelpOptions = true)
final class ApplyCommand extends CliCommand {

  @Mixin private ApiOptions api = new ApiOptions();

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description =
          "YAML documents of kind PodIdentityAssociation: a file, - for standard input, or a"
              + " directory of .yaml and .yml files.")
  private String file = "";

  @Option(
      names = "--prune",
      description = "Delete associations that are not declared, in the namespaces that are named.")
  private boolean prune;

  @Option(names = "--all-namespaces", description = "With --prune: in every namespace.")
  private boolean everyNamespace;

  @Option(names = "--dry-run", description = "Change nothing; show what would be done.")
  private boolean dryRun;

  /** 0 when everything is as declared, 1 when something failed, 2 for bad usage. */
  @Override
  public Integer call() {
    if (everyNamespace && !prune) {
      throw usage("--all-namespaces goes with --prune");
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
