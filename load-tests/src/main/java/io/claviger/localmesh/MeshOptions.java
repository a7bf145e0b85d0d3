package io.claviger.localmesh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Options of a mesh.
 *
 * @param directory for its files; one mesh at a time
 * @param brokers number of brokers
 * @param edges number of edges, named node-1 and so on
 * @param awsSts whether brokers call AWS itself, with the credentials of this process's
 *     environment, instead of the stand-in
 * @param cluster the Kubernetes cluster that is simulated
 * @param brokerSettings further settings of every broker, {@code issuance.window} and the like
 * @param edgeSettings further settings of every edge, {@code credentials.deadline} and the like
 * @param timeout how long a process may make no progress before it is ready; slow processes get
 *     more time
 * @param purpose of the mesh
 * @param builds other builds of the project to run, by a process's name or its module's; a value is
 *     the top of a build
 * @param links between the processes
 */
public record MeshOptions(
    Path directory,
    int brokers,
    int edges,
    boolean awsSts,
    ClusterFacts cluster,
    Map<String, String> brokerSettings,
    Map<String, String> edgeSettings,
    Duration timeout,
    MeshPurpose purpose,
    Map<String, Path> builds,
    Links links) {

  public MeshOptions {
    directory = directory.toAbsolutePath().normalize();
    brokerSettings = Map.copyOf(brokerSettings);
    edgeSettings = Map.copyOf(edgeSettings);
    builds = Map.copyOf(builds);
    if (brokers < 0 || edges < 0 || brokers > 20 || edges > 50) {
      throw new IllegalArgumentException("0 to 20 brokers and 0 to 50 edges are allowed");
    }
  }

  /** Two brokers, one edge, the stand-in. */
  public static MeshOptions in(Path directory) {
    return new MeshOptions(
        directory,
        2,
        1,
        false,
        ClusterFacts.LOCAL,
        Map.of(),
        Map.of(),
        Duration.ofSeconds(90),
        MeshPurpose.SERVING,
        Map.of(),
        Links.NONE);
  }

  /** Sets the numbers of brokers and edges. */
  public MeshOptions withMembers(int otherBrokers, int otherEdges) {
    return new MeshOptions(
        directory,
        otherBrokers,
        otherEdges,
        awsSts,
        cluster,
        brokerSettings,
        edgeSettings,
        timeout,
        purpose,
        builds,
        links);
  }

  /** Uses AWS's STS. */
  public MeshOptions withAwsSts() {
    return new MeshOptions(
        directory,
        brokers,
        edges,
        true,
        cluster,
        brokerSettings,
        edgeSettings,
        timeout,
        purpose,
        builds,
        links);
  }

  /** Simulates another cluster. */
  public MeshOptions withCluster(ClusterFacts other) {
    return new MeshOptions(
        directory,
        brokers,
        edges,
        awsSts,
        other,
        brokerSettings,
        edgeSettings,
        timeout,
        purpose,
        builds,
        links);
  }

  /** Adds a setting of every broker. */
  public MeshOptions withBrokerSetting(String key, String value) {
    return new MeshOptions(
        directory,
        brokers,
        edges,
        awsSts,
        cluster,
        plus(brokerSettings, key, value),
        edgeSettings,
        timeout,
        purpose,
        builds,
        links);
  }

  /** Adds a setting of every edge. */
  public MeshOptions withEdgeSetting(String key, String value) {
    return new MeshOptions(
        directory,
        brokers,
        edges,
        awsSts,
        cluster,
        brokerSettings,
        plus(edgeSettings, key, value),
        timeout,
        purpose,
        builds,
        links);
  }

  /** Runs a process, or all processes of a module, from another build of the project. */
  public MeshOptions withBuild(String memberOrModule, Path top) {
    Map<String, Path> more = new HashMap<>(builds);
    more.put(memberOrModule, top);
    return new MeshOptions(
        directory,
        brokers,
        edges,
        awsSts,
        cluster,
        brokerSettings,
        edgeSettings,
        timeout,
        purpose,
        more,
        links);
  }

  /** Sets the purpose. */
  public MeshOptions withPurpose(MeshPurpose other) {
    return new MeshOptions(
        directory,
        brokers,
        edges,
        awsSts,
        cluster,
        brokerSettings,
        edgeSettings,
        timeout,
        other,
        builds,
        links);
  }

  /** Sets the links between processes. */
  public MeshOptions withLinks(Links other) {
    return new MeshOptions(
        directory,
        brokers,
        edges,
        awsSts,
        cluster,
        brokerSettings,
        edgeSettings,
        timeout,
        purpose,
        builds,
        other);
  }

  private static Map<String, String> plus(Map<String, String> settings, String key, String value) {
    Map<String, String> more = new HashMap<>(settings);
    more.put(key, value);
    return more;
  }
}
