package io.claviger.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.broker.cli.manifest.AssociationManifest;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --output} of commands that print associations. */
final class OutputOption {

  private static final String NONE = "<none>";

  /** The formats. */
  enum Format {
    table,
    json,
    yaml
  }

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      paramLabel = "FORMAT",
      description =
          "${COMPLETION-CANDIDATES}: yaml prints manifests that apply reads; json prints the fields"
              + " of the API. Default: ${DEFAULT-VALUE}.")
  private Format format = Format.table;

  /** Prints associations; a table has one row for each. */
  void printAll(PrintWriter out, List<RemoteAssociation> associations) {
    switch (format) {
      case table -> out.print(table(associations));
      case json ->
          out.println(
              JsonText.of(
                  Map.of(
                      "associations", associations.stream().map(RemoteAssociation::all).toList())));
      case yaml ->
          out.print(
              AssociationManifest.write(
                  associations.stream().map(RemoteAssociation::spec).toList()));
    }
    out.flush();
  }

  /**
   * Prints one event of a watch on one line.
   *
   * @throws IllegalArgumentException for the format {@code yaml}
   */
  void printEvent(PrintWriter out, JsonNode event) {
    switch (format) {
      case table -> line(event).ifPresent(out::println);
      case json -> out.println(event);
      case yaml ->
          throw new IllegalArgumentException(
              "--watch does not support -o yaml: use -o table or -o json");
    }
    out.flush();
  }

  /** A bookmark has no association, so the table omits it. */
  private static Optional<String> line(JsonNode event) {
    JsonNode one = event.path("association");
    return one.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            "%-8s   %s   %s   %s"
                .formatted(
                    event.path("type").asText(),
                    RemoteAssociation.name(
                        one.path("namespace").asText(), one.path("serviceAccount").asText()),
                    one.path("roleArn").asText(),
                    one.path("associationId").asText()));
  }

  private static String table(List<RemoteAssociation> associations) {
    TextTable table = new TextTable("NAMESPACE", "SERVICEACCOUNT", "ROLE", "TARGET", "ID");
    for (RemoteAssociation one : associations) {
      String target = one.spec().targetRoleArn();
      table.row(
          one.spec().namespace(),
          one.spec().serviceAccount(),
          one.spec().roleArn(),
          target == null ? NONE : target,
          one.id());
    }
    return table.toString();
  }
}
