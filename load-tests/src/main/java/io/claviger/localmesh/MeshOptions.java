package io.claviger.localmesh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What the mesh shall be.
 *
 * @param directory where its files are; one mesh at a time
 * @param brokers how many
 * @param edges how many, named node-1 and so on
 * @param awsSts whether brokers call AWS itself, with the credentials of this process's
 *     environment; otherwise the stand-in
 * @param cluster the Kubernetes cluster that is pretended
 * @param brokerSettings further settings of every broker, {@code issuance.window} and the like
 * @param edgeSettings further settings of every edge, {@code credentials.deadline} and the like
 * @param timeout how long a member may do nothing before it is ready; what is slow is waited for
 * @param purpose what it is started for
 * @param builds where members' programs are taken from, by a member's name or its module's: the top
 *     of another build of the project; of all others, this one
 * @param links what is between members
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
      throw new IllegalArgumentException("0 to 20 brokers and 0 to 50 edges");
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

  /** The same with so many brokers and edges. */
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

  /** The same with AWS's STS. */
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

  /** The same for another cluster. */
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

  /** The same with one more setting of every broker. */
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

  /** The same with one more setting of every edge. */
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

  /** The same with a member's programs, or all of a module, of another build of the project. */
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

  /** The same, started for something else. */
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

  /** The same with something between members. */
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
