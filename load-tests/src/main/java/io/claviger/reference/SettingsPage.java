package io.claviger.reference;

import java.util.List;

/** {@code docs/configuration.md}: every setting of both programs. */
final class SettingsPage {

  private static final String INTRODUCTION =
      """
      <!-- Written by ./claviger docs from the javadoc of BrokerSettings and EdgeSettings: change it there, then run that. -->
      # Configuration

      Settings come from YAML files (`--config FILE`; of several a later one wins), over them from the environment, over that
      from `--set key=value`. What has to be set, with examples: [operations.md](operations.md#what-to-set).

      * An unknown or missing key stops the start, and so does a value that cannot be read: the message names the key, the
        exit code is 2. So does a variable `CLAVIGER_BROKER_*` (of a broker) or `CLAVIGER_EDGE_*` (of an edge) that is not below;
        what Kubernetes sets for a Service of such a name (`…_SERVICE_HOST`, `…_PORT_7443_TCP` and so on) is no setting.
      * A duration is written `350ms`, `8s`, `10m`, `1h`, or as ISO 8601 has it. Secrets are never in settings: a path names the
        file they are in.
      * `*` is a name of your own, and has no variable. `[0]` is the first element of a list, `[1]` the second; in YAML it is a list. A list of texts is written with commas in
        the environment and on the command line.
      """;

  private SettingsPage() {}

  /** The page; each list has the groups of a program. */
  static String of(List<SettingsGroup> broker, List<SettingsGroup> edge) {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    page.append("\n## broker\n");
    broker.forEach(group -> append(page, group));
    page.append("\n## node-edge\n");
    edge.forEach(group -> append(page, group));
    return page.toString();
  }

  private static void append(StringBuilder page, SettingsGroup group) {
    page.append("\n### `%s`\n\n%s\n".formatted(group.key(), group.meaning()));
    if (group.settings().isEmpty()) {
      return;
    }
    page.append("\n| key, and its variable | type | default | meaning |\n|---|---|---|---|\n");
    for (Setting one : group.settings()) {
      page.append(
          "| `%s`%s | %s | %s | %s |\n"
              .formatted(
                  one.key(),
                  one.variable().map(variable -> "<br>`" + variable + "`").orElse(""),
                  one.type(),
                  one.standing(),
                  one.meaning()));
    }
  }
}
