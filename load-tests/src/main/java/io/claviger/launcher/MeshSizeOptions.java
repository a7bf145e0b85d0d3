package io.claviger.launcher;

import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The numbers of brokers and edges of a command's mesh, and their settings. */
final class MeshSizeOptions {

  @Option(
      names = "--brokers",
      paramLabel = "N",
      description = "How many brokers. Default: ${DEFAULT-VALUE}")
  private int brokers = 2;

  @Option(
      names = "--edges",
      paramLabel = "M",
      description = "How many node-edges, named node-1 and so on. Default: ${DEFAULT-VALUE}")
  private int edges;

  @Option(
      names = "--broker-set",
      paramLabel = "KEY=VALUE",
      description = "A setting of every broker, without claviger.broker: issuance.min-remaining=2s")
  private Map<String, String> brokerSettings = new LinkedHashMap<>();

  @Option(
      names = "--edge-set",
      paramLabel = "KEY=VALUE",
      description = "A setting of every edge, without claviger.edge: credentials.min-remaining=2s")
  private Map<String, String> edgeSettings = new LinkedHashMap<>();

  MeshSizeOptions(int edges) {
    this.edges = edges;
  }

  /**
   * Applies what the command line requests to the options.
   *
   * @throws MeshException when there would be no broker or no edge
   */
  MeshOptions apply(MeshOptions options) {
    if (brokers < 1 || edges < 1) {
      throw new MeshException("a mesh needs at least one broker and one edge");
    }
    MeshOptions sized = options.withMembers(brokers, edges);
    for (Map.Entry<String, String> setting : brokerSettings.entrySet()) {
      sized = sized.withBrokerSetting(setting.getKey(), setting.getValue());
    }
    for (Map.Entry<String, String> setting : edgeSettings.entrySet()) {
      sized = sized.withEdgeSetting(setting.getKey(), setting.getValue());
    }
    return sized;
  }
}
