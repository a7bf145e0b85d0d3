package io.claviger.launcher;

import io.claviger.kafkaserver.EmbeddedKafka;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code claviger kafka}: one Kafka broker, until the process is terminated. */
@Command(
    name = "kafka",
    description = "Runs one Kafka broker alone, for a mesh on other machines, as in the demo.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Its settings are environment variables, as of the image apache/kafka: KAFKA_LOG_DIRS is",
      "log.dirs. Required: log.dirs, listeners and controller.quorum.voters."
    })
final class KafkaCommand implements Callable<Integer> {

  private static final String PREFIX = "KAFKA_";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    EmbeddedKafka kafka = EmbeddedKafka.start(properties(System.getenv()));
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "kafka-stop"));
    spec.commandLine().getOut().println("READY " + kafka.bootstrapServers());
    spec.commandLine().getOut().flush();
    kafka.awaitEnd();
    return 0;
  }

  /** The broker's properties from the environment: {@code KAFKA_FOO_BAR} is foo.bar. */
  static Map<String, String> properties(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith(PREFIX))
        // In the image these are options of its JVM.
        .filter(variable -> !variable.getKey().endsWith("_OPTS"))
        .collect(
            Collectors.toUnmodifiableMap(
                variable ->
                    variable
                        .getKey()
                        .substring(PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.'),
                Map.Entry::getValue));
  }
}
