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
 * The launcher's Java side: {@code ./claviger} builds what is out of date and hands over to this.
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
      "Done by the launcher itself:",
      "  test [--all] [Maven arguments]",
      "                           runs what to run before a commit; --all: everything, as CI does",
      "  fuzz [--seconds N] [NAME]",
      "                           has parsers of foreign bytes read what was made to break them",
      "  demo [--context C]       installs the demo on a cluster, shows a pod with its role, and",
      "                           takes it away again (--keep: leaves it); k8s/README.md",
      "  --install                before a command: installs a missing JDK or Maven (apt, as root)"
    })
public final class Claviger {

  /** Exit code of a command that could not do its work, which it has said on standard error. */
  public static final int FAILED = 1;

  private Claviger() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Before anything logs: members log, the launcher talks.
    System.setProperty("logback.configurationFile", "logback-launcher.xml");
    // Before Java's HTTP client reads it: each fetch of an SDK stands for a process of its own,
    // which has no connection yet.
    System.setProperty("http.keepAlive", "false");
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Claviger())
        .addSubcommand(Broker.events(Claviger::kafkaHere))
        .setExecutionExceptionHandler(Claviger::failed)
        .setParameterExceptionHandler(Claviger::misused);
  }

  /** That of the mesh which runs where a mesh usually does. */
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
