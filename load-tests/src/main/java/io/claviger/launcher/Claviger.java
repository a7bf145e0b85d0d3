package io.claviger.launcher;

import io.claviger.broker.app.Broker;
import io.claviger.broker.cli.AssociationsCommand;
import io.claviger.broker.cli.BindCommand;
import io.claviger.broker.cli.DoctorCommand;
import io.claviger.broker.cli.IamCommand;
import io.claviger.broker.cli.ImportCommand;
import io.claviger.broker.cli.PodsCommand;
import io.claviger.broker.cli.RevokeCommand;
import io.claviger.broker.cli.pki.PkiCommand;
import io.claviger.config.settings.SettingsException;
import io.claviger.localmesh.MeshException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The Java side of the launcher. The script {@code ./claviger} builds what is out of date and
 * starts this class.
 */
@Command(
    name = "claviger",
    description = "Runs the whole mesh on this machine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      UpCommand.class,
      EnvCommand.class,
      TokenCommand.class,
      AssociationsCommand.class,
      ImportCommand.class,
      PodsCommand.class,
      RevokeCommand.class,
      BindCommand.class,
      IamCommand.class,
      DoctorCommand.class,
      PkiCommand.class,
      AotCommand.class,
      DocsCommand.class,
      StsCommand.class,
      KafkaCommand.class,
      WhoAmICommand.class,
      LoadCommand.class,
      FaultCommand.class,
      AttackCommand.class
    },
    footer = {
      "",
      "Run by the script itself:",
      "  test [--all] [Maven arguments]",
      "                           runs the checks to pass before a commit; --all: all, as CI does",
      "  fuzz [--seconds N] [NAME]",
      "                           fuzzes the parsers of untrusted bytes",
      "  demo [--context C]       installs the demo on a cluster, shows a pod with its role, and",
      "                           removes it again (--keep: leaves it); k8s/README.md",
      "  --install                before a command: installs a missing JDK or Maven (apt, as root)"
    })
public final class Claviger {

  /** Exit code of a command that failed and has printed the reason on standard error. */
  public static final int FAILED = 1;

  private Claviger() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Before anything logs: the launcher prints to standard output, and only its problems are
    // logged.
    System.setProperty("logback.configurationFile", "logback-launcher.xml");
    // Before Java's HTTP client reads it. Each SDK fetch stands for a new process, which has no
    // open connection.
    System.setProperty("http.keepAlive", "false");
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Claviger())
        .addSubcommand(Broker.events(Claviger::kafkaHere))
        .setExecutionExceptionHandler(Claviger::failed)
        .setParameterExceptionHandler(Claviger::misused);
  }

  /** Kafka's address in the mesh that runs in the usual directory. */
  private static Optional<String> kafkaHere() {
    return Optional.of(new DirectoryOption().running().kafka());
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof MeshException || e instanceof SettingsException) {
      command.getErr().println("claviger: " + e.getMessage());
      return FAILED;
    }
    throw e;
  }

  private static int misused(ParameterException e, String[] args) {
    e.getCommandLine().getErr().println("claviger: " + e.getMessage());
    e.getCommandLine().usage(e.getCommandLine().getErr());
    return e.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
  }
}
