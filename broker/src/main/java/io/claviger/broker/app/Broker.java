package io.claviger.broker.app;

import io.claviger.broker.adapter.kafka.EventReader;
import io.claviger.broker.cli.AssociationsCommand;
import io.claviger.broker.cli.BindCommand;
import io.claviger.broker.cli.DoctorCommand;
import io.claviger.broker.cli.EventsCommand;
import io.claviger.broker.cli.IamCommand;
import io.claviger.broker.cli.ImportCommand;
import io.claviger.broker.cli.PodsCommand;
import io.claviger.broker.cli.RevokeCommand;
import io.claviger.broker.cli.pki.PkiCommand;
import io.claviger.config.lifecycle.DnsCaching;
import io.claviger.config.settings.SettingsException;
import io.claviger.config.settings.SettingsLoader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The broker's main program: runs until it is stopped, or executes a command. */
@Command(
    name = "broker",
    description = "A Claviger broker.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AssociationsCommand.class,
      ImportCommand.class,
      IamCommand.class,
      PodsCommand.class,
      RevokeCommand.class,
      BindCommand.class,
      DoctorCommand.class,
      PkiCommand.class
    })
public final class Broker implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
  private static final int BAD_SETTINGS = 2;
  private static final int CANNOT_START = 1;
  private static final long STOP_SECONDS = 20;

  @Option(names = "--config", description = "A YAML file of settings; a later file overrides.")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--set", description = "key=value; overrides files and the environment.")
  private List<String> sets = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Entry point. */
  public static void main(String[] arguments) {
    DnsCaching.keepShort();
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
    System.setProperty("hazelcast.logging.type", "slf4j");
    CommandLine command = new CommandLine(new Broker()).addSubcommand(events(Optional::empty));
    int code = command.execute(arguments);
    if (code != 0 || command.getParseResult().hasSubcommand()) {
      System.exit(code);
    }
  }

  /**
   * Creates the command that shows the audit stream.
   *
   * @param here Kafka's default address, if there is one
   */
  public static EventsCommand events(Supplier<Optional<String>> here) {
    return new EventsCommand(EventReader::read, here, InstantSource.system());
  }

  @Override
  public Integer call() {
    try {
      BrokerSettings settings =
          SettingsLoader.load(BrokerSettings.class, files, System.getenv(), sets);
      BrokerProcess process =
          BrokerProcess.start(settings).toCompletionStage().toCompletableFuture().join();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process), "stop"));
      process
          .open()
          .onFailure(
              failure -> {
                spec.commandLine().getErr().println("broker cannot start: " + failure.getMessage());
                spec.commandLine().getErr().flush();
                // Not {@code exit}: the shutdown hook would turn it into a success.
                Runtime.getRuntime()
                    .halt(failure instanceof SettingsException ? BAD_SETTINGS : CANNOT_START);
              });
      return 0;
    } catch (SettingsException e) {
      spec.commandLine().getErr().println("broker: " + e.getMessage());
      return BAD_SETTINGS;
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      spec.commandLine().getErr().println("broker cannot start: " + cause.getMessage());
      return cause instanceof SettingsException ? BAD_SETTINGS : CANNOT_START;
    }
  }

  private static void stop(BrokerProcess process) {
    try {
      process.stop().await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      LOG.atWarn().addKeyValue("cause", e.toString()).log("broker did not stop in time");
    }
    // SIGTERM stops this program normally, so this is a success. The JVM would report 143.
    Runtime.getRuntime().halt(0);
  }
}
