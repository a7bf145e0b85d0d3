package io.claviger.broker.cli;

import io.cloudevents.core.format.EventFormat;
import io.cloudevents.jackson.JsonFormat;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints events ordered by time. The order covers the events of one printout, which are at most
 * {@value #MOST_WAITING}.
 */
final class EventPrinter {

  /** The formats. */
  enum Format {
    /** Columns, for operators. */
    table,
    /** One CloudEvent per line, in structured mode. */
    json
  }

  static final int MOST_WAITING = 20_000;

  private static final EventFormat JSON = new JsonFormat();
  private static final String NONE = "-";

  // With --follow, later rows must stay aligned with the heading.
  private static final int WIDEST_TIME = 24;
  private static final int WIDEST_EVENT = 22;
  private static final int WIDEST_KEY = 20;

  private final PrintWriter out;
  private final Format format;
  private final TextTable table =
      new TextTable("TIME", "EVENT", "WORKLOAD", "POD", "NODE", "ACCESS KEY ID", "ROLE", "WHY")
          .atLeast(WIDEST_TIME, WIDEST_EVENT, 0, 0, 0, WIDEST_KEY);
  private final List<RecordedEvent> waiting = new ArrayList<>();

  EventPrinter(PrintWriter out, Format format) {
    this.out = out;
    this.format = format;
  }

  void add(RecordedEvent event) {
    waiting.add(event);
    if (waiting.size() == MOST_WAITING) {
      print();
    }
  }

  /** Prints the events that were added since the last call. */
  void print() {
    waiting.sort(Comparator.comparing(RecordedEvent::time));
    switch (format) {
      case table -> {
        waiting.forEach(event -> table.row(cells(event)));
        out.print(table.take());
      }
      case json ->
          waiting.forEach(
              event ->
                  out.println(new String(JSON.serialize(event.event()), StandardCharsets.UTF_8)));
    }
    waiting.clear();
    out.flush();
  }

  private static String[] cells(RecordedEvent event) {
    return Stream.of(
            event.time().truncatedTo(ChronoUnit.MILLIS).toString(),
            event.shortType(),
            event.subject(),
            event.text("podName"),
            event.text("node"),
            event.text("accessKeyId"),
            event.text("roleArn"),
            why(event))
        .map(cell -> cell.isEmpty() ? NONE : cell)
        .toArray(String[]::new);
  }

  private static String why(RecordedEvent event) {
    String from = event.text("servedFrom");
    String reason = event.text("reason");
    String message = event.text("message");
    return Stream.of(
            message.startsWith(reason) ? "" : reason, message, from.isEmpty() ? "" : "from " + from)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(": "));
  }
}
