package io.claviger.broker.cli;

import io.claviger.config.settings.Durations;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code events}: prints the audit stream. */
@Command(
    name = "events",
    description = "Shows the audit stream: which pods got or were refused credentials, and why.",
    mixinStandardHelpOptions = true,
    footer = {"", "TIME is the time of the event. An event that was sent twice is shown once."})
public final class EventsCommand extends CliCommand {

  private static final int IDS_REMEMBERED = 200_000;

  /** A record's timestamp may differ from the event's time: reporting takes time, clocks drift. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final EventSource source;
  private final Supplier<Optional<String>> here;
  private final InstantSource clock;

  @Mixin private EventFilter filter = new EventFilter();

  @Option(
      names = "--bootstrap-servers",
      defaultValue = "${env:CLAVIGER_KAFKA}",
      paramLabel = "HOST:PORT",
      description =
          "Kafka's address; default: $CLAVIGER_KAFKA, then Kafka of the mesh on this machine.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--kafka-property",
      paramLabel = "KEY=VALUE",
      description = "A property of the Kafka client, for example security.protocol=SSL.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Option(
      names = "--since",
      paramLabel = "AGE|TIME",
      description = "Only events since an age or a time: 30m, 1h, 2d, or 2026-03-01T10:00:00Z.")
  private @Nullable String since;

  @Option(
      names = {"-f", "--follow"},
      description = "Continue with new events until interrupted.")
  private boolean follow;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      paramLabel = "FORMAT",
      description =
          "${COMPLETION-CANDIDATES}: json is one CloudEvent per line. Default: ${DEFAULT-VALUE}.")
  private EventPrinter.Format format = EventPrinter.Format.table;

  /**
   * Creates the command.
   *
   * @param source reads Kafka
   * @param here Kafka's default address, if there is one
   * @param clock the clock for {@code --since}
   */
  public EventsCommand(EventSource source, Supplier<Optional<String>> here, InstantSource clock) {
    this.source = source;
    this.here = here;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    Instant from = since();
    EventPrinter printer = new EventPrinter(out(), format);
    Set<String> seen = remembered();
    try {
      source.read(
          kafka(),
          from.equals(Instant.EPOCH) ? from : from.minus(SKEW),
          follow,
          event ->
              RecordedEvent.of(event)
                  .filter(one -> !one.time().isBefore(from))
                  .filter(filter)
                  .filter(one -> seen.add(one.identity()))
                  .ifPresent(printer::add),
          printer::print);
      return 0;
    } catch (IOException e) {
      return failed(e.getMessage());
    }
  }

  private Map<String, String> kafka() {
    String servers =
        Optional.ofNullable(bootstrapServers)
            .filter(text -> !text.isBlank())
            .or(here)
            .orElseThrow(() -> usage("--bootstrap-servers is missing: give Kafka's HOST:PORT"));
    Map<String, String> kafka = new HashMap<>(properties);
    kafka.put("bootstrap.servers", servers);
    return kafka;
  }

  private Instant since() {
    if (since == null) {
      return Instant.EPOCH;
    }
    try {
      return since.endsWith("Z")
          ? Instant.parse(since)
          : clock.instant().minus(Durations.parse(since));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw usage(
          "--since must be an age like 30m, 1h or 2d, or a time like 2026-03-01T10:00:00Z, not "
              + since);
    }
  }

  /** Keeps the latest identities only, which bounds the memory of {@code --follow}. */
  private static Set<String> remembered() {
    return Collections.newSetFromMap(
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > IDS_REMEMBERED;
          }
        });
  }
}
