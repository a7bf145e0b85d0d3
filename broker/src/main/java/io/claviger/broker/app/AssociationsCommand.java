package io.claviger.broker.app;

import io.claviger.broker.adapter.kafka.CommandSender;
import io.claviger.broker.adapter.kafka.KafkaClients;
import io.claviger.broker.app.AssociationManifest.InvalidManifestException;
import io.claviger.config.settings.Durations;
import io.claviger.schemas.association.AssociationSpec;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code associations}: what an operator does with associations from the command line. */
@Command(
    name = "associations",
    description = "Pod identity associations.",
    mixinStandardHelpOptions = true,
    subcommands = AssociationsCommand.Apply.class)
public final class AssociationsCommand {

  /** {@code associations apply}: makes associations as a file declares them. */
  @Command(
      name = "apply",
      description = "Creates and changes associations as a file declares them.",
      mixinStandardHelpOptions = true)
  public static final class Apply implements Callable<Integer> {

    @Option(
        names = {"-f", "--file"},
        required = true,
        paramLabel = "FILE",
        description = "YAML documents of kind PodIdentityAssociation.")
    private @Nullable Path file;

    @Option(
        names = "--kafka",
        defaultValue = "${env:CLAVIGER_KAFKA}",
        paramLabel = "HOST:PORT",
        description = "Kafka's bootstrap servers; default: $CLAVIGER_KAFKA.")
    private @Nullable String kafka;

    @Option(
        names = "--kafka-property",
        paramLabel = "KEY=VALUE",
        description = "A further client property, for example for TLS and SASL.")
    private Map<String, String> properties = new HashMap<>();

    @Option(
        names = "--cluster",
        defaultValue = "${env:CLAVIGER_CLUSTER}",
        paramLabel = "NAME",
        description = "The registered name of the cluster; default: $CLAVIGER_CLUSTER.")
    private @Nullable String cluster;

    @Option(
        names = "--timeout",
        defaultValue = "15s",
        paramLabel = "DURATION",
        converter = DurationOption.class,
        description = "How long to wait for each decision; default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofSeconds(15);

    @Spec private @Nullable CommandSpec command;

    /**
     * 0 when everything is as declared, 1 when something was refused or not decided, 2 for bad
     * usage.
     */
    @Override
    public Integer call() throws Exception {
      List<AssociationSpec> specs = read(given("--file", file));
      String bootstrap = given("--kafka", kafka);
      String name = given("--cluster", cluster);
      if (!timeout.isPositive()) {
        throw usage("--timeout must be longer than nothing");
      }
      Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
      CommandSender sender =
          new CommandSender(
              vertx, new KafkaClients(bootstrap, "associations-cli", properties), timeout);
      try {
        sender.start();
        ApplyAssociations apply =
            new ApplyAssociations(
                sender, InstantSource.system(), () -> UUID.randomUUID().toString());
        String actor = "key/admin";
        boolean applied = apply.apply(name, actor, specs, this::print).toCompletableFuture().get();
        return applied ? 0 : 1;
      } finally {
        sender.close().eventually(vertx::close).toCompletionStage().toCompletableFuture().get();
      }
    }

    private List<AssociationSpec> read(Path path) {
      try {
        return AssociationManifest.parse(Files.readString(path));
      } catch (InvalidManifestException e) {
        throw usage(path + ": " + e.getMessage());
      } catch (IOException e) {
        throw usage(path + ": cannot be read: " + e.getClass().getSimpleName());
      }
    }

    private <T> T given(String option, @Nullable T value) {
      if (value == null || value.toString().isBlank()) {
        throw usage(option + " is missing");
      }
      return value;
    }

    private void print(String line, boolean good) {
      CommandSpec spec = given("command", command);
      (good ? spec.commandLine().getOut() : spec.commandLine().getErr()).println(line);
    }

    private ParameterException usage(String message) {
      if (command == null) {
        throw new IllegalStateException(message);
      }
      return new ParameterException(command.commandLine(), message);
    }
  }

  /** Durations on the command line are written as in settings. */
  private static final class DurationOption implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
