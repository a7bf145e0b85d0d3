package io.claviger.broker.cli.pki;

import io.claviger.broker.cli.CliCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pki}: writes certificates and keys for a mesh on Kubernetes, as manifests. */
@Command(
    name = "pki",
    description = {
      "Writes the certificates, authorities and sealing keys of a mesh as Kubernetes manifests.",
      "Run it again with the same directory before the certificates expire: it renews certificates"
          + " and keeps authorities and sealing keys."
    },
    mixinStandardHelpOptions = true)
public final class PkiCommand extends CliCommand {

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The directory of all files. It contains private keys: keep it secret.")
  private Path out = Path.of("");

  @Option(
      names = "--namespace",
      defaultValue = "claviger",
      paramLabel = "NAME",
      description = "The brokers' namespace; default: ${DEFAULT-VALUE}.")
  private String namespace = "claviger";

  @Option(
      names = "--days",
      defaultValue = "365",
      paramLabel = "N",
      description = "The validity of certificates, in days; default: ${DEFAULT-VALUE}.")
  private int days = 365;

  @Option(
      names = "--ca-from",
      paramLabel = "DIR",
      description =
          "A directory with ca.crt and ca.key of the authority that signs the brokers' server"
              + " certificate, instead of the mesh's own.")
  private @Nullable Path authority;

  @Option(
      names = "--dns",
      paramLabel = "NAME",
      description =
          "An additional host name of the brokers' API; repeatable. Names and addresses are kept in"
              + " the directory's file "
              + Pki.FURTHER_NAMES
              + ".")
  private List<String> dns = new ArrayList<>();

  @Option(
      names = "--ip",
      paramLabel = "ADDRESS",
      description = "An additional IP address of the brokers' API, kept like --dns; repeatable.")
  private List<String> ips = new ArrayList<>();

  /** Creates the command with the system clock. */
  public PkiCommand() {
    this(InstantSource.system());
  }

  PkiCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw usage("--namespace must be a Kubernetes name, not '" + namespace + "'");
    }
    if (days < 1) {
      throw usage("--days must be at least 1");
    }
    PkiFiles files = new PkiFiles(out);
    FurtherNames further = further();
    try {
      X509Certificate made =
          new Pki(files, namespace, clock.instant(), random)
              .write(Optional.ofNullable(authority), further, Duration.ofDays(days));
      print(files, made);
      return 0;
    } catch (PkiException e) {
      return failed(e.getMessage());
    }
  }

  private FurtherNames further() {
    try {
      return new FurtherNames(dns, ips);
    } catch (IllegalArgumentException e) {
      throw usage("--dns or --ip: " + e.getMessage());
    }
  }

  private void print(PkiFiles files, X509Certificate made) {
    PrintWriter text = out();
    files.written().forEach(text::println);
    text.printf(
        """

        The certificates expire at %s. Run this command again before then. Now apply:

          kubectl apply --server-side -f %s
          kubectl patch mutatingwebhookconfiguration %s --patch-file %s
        """,
        made.getNotAfter().toInstant(),
        out,
        Mesh.WEBHOOK_CONFIGURATION,
        files.at("patches/webhook-ca-bundle.yaml"));
    text.flush();
  }
}
