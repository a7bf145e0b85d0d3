package io.claviger.localmesh;

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
 * @param admission the webhook
 * @param management probes and metrics
 */
public record BrokerMember(
    Member member,
    HostPort bridge,
    HostPort hazelcast,
    HostPort bus,
    HostPort api,
    HostPort admission,
    HostPort management) {

  /** What {@code --endpoint-url} is given. */
  public URI endpoint() {
    return URI.create("http://" + api);
  }

  /** What an API server would ask about new pods. */
  public URI webhook() {
    return URI.create("https://" + admission + "/mutate");
  }

  /** What Prometheus would read. */
  public URI metrics() {
    return URI.create("http://" + management + "/metrics");
  }
}
