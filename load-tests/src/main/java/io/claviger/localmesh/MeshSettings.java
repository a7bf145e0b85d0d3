package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings files of brokers and edges. Keys are those of the programs' own settings interfaces.
 *
 * @param options of the mesh
 * @param directory for the files
 * @param keys of the mesh
 * @param kafka Kafka's address
 * @param kafkaOfFirst the address at which the first broker reaches Kafka
 * @param sts the endpoint of STS; absent for AWS's own
 */
record MeshSettings(
    MeshOptions options,
    MeshDirectory directory,
    MeshKeys keys,
    HostPort kafka,
    HostPort kafkaOfFirst,
    @Nullable URI sts) {

  /** The broker that can have a Kafka listener of its own. */
  private static final String FIRST = "broker-1";

  /** More than a cluster's default limit, for tests with many associations. */
  private static final int MAX_ASSOCIATIONS = 20_000;

  /**
   * Writes a broker's file, with a certificate of its own.
   *
   * @param peers Hazelcast addresses to join
   */
  void writeBroker(String name, BrokerMember broker, List<HostPort> peers) {
    LocalCertificateAuthority.Certified own = keys.authority().issue(name);
    Map<String, String> tls =
        Map.of("certificate", own.certificate().toString(), "key", own.key().toString());
    SettingsFile file =
        new SettingsFile("claviger.broker")
            .set("name", name)
            .set("clusters", List.of(cluster()))
            .set("bridge.host", broker.bridge().host())
            .set("bridge.port", broker.bridge().port())
            .set("bridge.tls", tls)
            .set("peers.mesh", "local")
            .set("peers.host", broker.hazelcast().host())
            .set("peers.port", broker.hazelcast().port())
            .set("peers.members", peers.stream().map(HostPort::toString).toList())
            .set("peers.bus-host", broker.bus().host())
            .set("peers.bus-port", broker.bus().port())
            .set("peers.tls", Map.copyOf(tls))
            .set("peers.ca", keys.authority().certificate().toString())
            .set("peers.sealing-keys", directory.sealingKeys().toString())
            .set("api.host", broker.api().host())
            .set("api.port", broker.api().port())
            .set("api.access-keys", directory.accessKeys().toString())
            .set("api.grants", directory.grants().toString())
            .set("kafka.bootstrap-servers", (name.equals(FIRST) ? kafkaOfFirst : kafka).toString())
            .set("kafka.replication-factor", 1)
            .set("kafka.group-protocol", "consumer")
            .set("sts.region", options.cluster().region())
            .set("management.host", broker.management().host())
            .set("management.port", broker.management().port());
    if (sts != null) {
      file.set("sts.endpoint", sts.toString());
    }
    if (isOfThisBuild(name)) {
      file.set("admission.host", broker.admission().host())
          .set("admission.port", broker.admission().port())
          .set("admission.tls", Map.copyOf(tls));
    }
    PrivateFiles.write(directory.settings(name), file.setAll(options.brokerSettings()).toString());
  }

  /** A broker of an older build may not support every key. */
  private boolean isOfThisBuild(String broker) {
    return !options.builds().containsKey(broker) && !options.builds().containsKey("broker");
  }

  /** Writes an edge's file. */
  void writeEdge(String name, EdgeMember edge, List<HostPort> bridges, Path tokenFile) {
    SettingsFile file =
        new SettingsFile("claviger.edge")
            .set("node", edge.node())
            .set("listen", List.of(edge.listen().toString()))
            .set("allow-loopback-host", true)
            .set(
                "upstream.brokers",
                bridges.stream().map(options.links()::toBroker).map(HostPort::toString).toList())
            .set("upstream.ca", keys.authority().certificate().toString())
            .set("upstream.token-file", tokenFile.toString())
            .set("management.probes", edge.probes().toString())
            .set("management.metrics", edge.prometheus().toString());
    PrivateFiles.write(directory.settings(name), file.setAll(options.edgeSettings()).toString());
  }

  private Map<String, Object> cluster() {
    ClusterFacts facts = options.cluster();
    return Map.of(
        "max-associations", MAX_ASSOCIATIONS,
        "name", facts.name(),
        "arn", facts.arn(),
        "account", facts.account(),
        "region", facts.region(),
        "issuer", facts.issuer(),
        "jwks", Map.of("file", keys.issuer().jwks().toString()),
        "edge-service-accounts",
            List.of(TokenRequest.EDGE_NAMESPACE + "/" + TokenRequest.EDGE_SERVICE_ACCOUNT));
  }
}
