package io.claviger.reference;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads settings and meters from the sources, and writes their pages.
 *
 * @param top of the project
 */
public record Reference(Path top) {

  private static final String BROKER = "broker/src/main/java";
  private static final String EDGE = "node-edge/src/main/java";

  /** The broker's settings. */
  public List<SettingsGroup> brokerSettings() {
    return settings(
        top.resolve(BROKER).resolve("io/claviger/broker/app"),
        "claviger.broker",
        "BrokerSettings",
        "AdmissionSettings",
        "JwksSettings",
        "KubernetesSettings",
        "ObjectSettings",
        "StsSettings");
  }

  /** A node-edge's settings. */
  public List<SettingsGroup> edgeSettings() {
    return settings(
        top.resolve(EDGE).resolve("io/claviger/edge/app"), "claviger.edge", "EdgeSettings");
  }

  /** The settings of an interface whose groups may have files of their own beside it. */
  private static List<SettingsGroup> settings(
      Path app, String prefix, String root, String... groups) {
    return SettingsReader.read(
        source(app, root).with(Stream.of(groups).map(group -> source(app, group)).toList()),
        prefix);
  }

  private static Declared source(Path app, String type) {
    return SourceFile.read(app.resolve(type + ".java"));
  }

  /** The broker's meters. */
  public List<Meter> brokerMeters() {
    return MetersReader.read(top.resolve(BROKER));
  }

  /** A node-edge's meters. */
  public List<Meter> edgeMeters() {
    return MetersReader.read(top.resolve(EDGE));
  }

  /** The pages' text by their paths from the top of the project. */
  public Map<String, String> pages() {
    return new TreeMap<>(
        Map.of(
            "docs/configuration.md", SettingsPage.of(brokerSettings(), edgeSettings()),
            "docs/metrics.md", MetersPage.of(brokerMeters(), edgeMeters())));
  }
}
