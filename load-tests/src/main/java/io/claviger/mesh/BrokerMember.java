package io.claviger.mesh;

import io.claviger.config.lifecycle.HostPort;
import java.net.URI;

/**
 * A broker of the mesh and where it listens.
 *
 * @param member its process
 * @param bridge where edges connect
 * @param hazelcast of its Hazelcast member
 * @param bus of the event bus among brokers
 * @param api the EKS and EKS Auth APIs
 * @param management probes and metrics
 */
public record BrokerMember(
    Member member,
    HostPort bridge,
    HostPort hazelcast,
    HostPort bus,
    HostPort api,
    HostPort management) {

  /** What {@code --endpoint-url} is given. */
  public URI endpoint() {
    return URI.create("http://" + api);
  }

  /** What Prometheus would read. */
  public URI metrics() {
    return URI.create("http://" + management + "/metrics");
  }
}
