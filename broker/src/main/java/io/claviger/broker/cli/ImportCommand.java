package io.claviger.broker.cli;

import io.claviger.broker.cli.migration.ImportFile;
import io.claviger.broker.cli.migration.Imported;
import io.claviger.broker.cli.migration.Imported.Found;
import io.claviger.broker.cli.migration.IrsaServiceAccounts;
import io.claviger.broker.cli.migration.KiamWorkloads;
import io.claviger.schemas.association.AssociationSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.exception.SdkException;

/** {@code import}: writes the associations of another system as a file to review. */
@Command(
    name = "import",
    description =
        "Writes the associations of another system as manifests to review. Changes nothing there.",
    mixinStandardHelpOptions = true)
public final class ImportCommand extends CliCommand {

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Mixin private EksOptions eks = new EksOptions();

  /** The system to import from. */
  private static final class Source {
    @Option(
        names = "--from-eks",
        description = "Read EKS Pod Identity associations of --cluster, by AWS's API.")
    private boolean eks;

    @Option(
        names = "--from-irsa",
        paramLabel = "FILE",
        description =
            "Read IRSA annotations from the output of kubectl get serviceaccounts -A -o yaml;"
                + " - for standard input.")
    private @Nullable String irsa;

    @Option(
        names = "--from-kiam",
        paramLabel = "FILE",
        description =
            "Read kiam or kube2iam annotations from the output of kubectl get"
                + " pods,deployments,statefulsets,daemonsets,cronjobs -A -o yaml; - for standard"
                + " input.")
    private @Nullable String kiam;
  }

  @Option(
      names = "--cluster-arn",
      paramLabel = "ARN",
      description = "The ARN that the cluster is registered with at the brokers.")
  private @Nullable String clusterArn;

  @Option(
      names = "--broker-role-arn",
      paramLabel = "ARN",
      description = "The brokers' own role, for the trust-policy commands in the file.")
  private @Nullable String brokerRoleArn;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "The file to write. Default: standard output.")
  private @Nullable Path to;

  @Option(names = "--force", description = "Overwrite the file of --to.")
  private boolean force;

  @Override
  public Integer call() {
    try {
      ImportFile file =
          new ImportFile(
              where(), Optional.ofNullable(clusterArn), Optional.ofNullable(brokerRoleArn));
      Imported imported = imported(file);
      write(file.text(imported));
      err()
          .println(
              "claviger: %d associations, %d not written"
                  .formatted(imported.found().size(), imported.skipped().size()));
      return 0;
    } catch (SdkException e) {
      return failed(CallErrors.text(e));
    } catch (FileAlreadyExistsException e) {
      return failed(to + " exists already: --force overwrites it");
    } catch (IOException e) {
      return failed(e.getMessage() + ": " + e.getClass().getSimpleName());
    } catch (IllegalArgumentException e) {
      throw usage(where() + ": " + e.getMessage());
    }
  }

  private String where() {
    return source.eks
        ? "EKS cluster " + eks.cluster()
        : source.irsa != null ? "IRSA annotations" : "kiam annotations";
  }

  private Imported imported(ImportFile file) throws IOException {
    if (source.irsa != null) {
      return IrsaServiceAccounts.read(text(source.irsa));
    }
    if (source.kiam != null) {
      return KiamWorkloads.read(text(source.kiam), file.rolePrefix());
    }
    try (AssociationsApi api = eks.access().connect()) {
      return new Imported(
          api.describeAll(null, null).stream().map(ImportCommand::ofEks).toList(), List.of());
    }
  }

  private static Found ofEks(RemoteAssociation association) {
    AssociationSpec spec = association.spec();
    Map<String, String> tags = new TreeMap<>(spec.tags());
    tags.keySet().removeIf(key -> key.toLowerCase(Locale.ROOT).startsWith("aws:"));
    List<String> notes = new ArrayList<>();
    notes.add("was " + association.id());
    if (tags.size() < spec.tags().size()) {
      notes.add("REVIEW: CloudFormation manages this association; its aws: tags are omitted");
    }
    if (association.all().containsKey("ownerArn")) {
      notes.add("REVIEW: an add-on owns this association: " + association.all().get("ownerArn"));
    }
    return new Found(spec.withTags(tags), notes);
  }

  private static String text(String file) throws IOException {
    if (file.equals("-")) {
      InputStream in = System.in;
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return Files.readString(Path.of(file));
  }

  private void write(String text) throws IOException {
    if (to == null) {
      out().print(text);
      out().flush();
      return;
    }
    OpenOption how = force ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
    Files.writeString(
        to, text, how, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }
}
