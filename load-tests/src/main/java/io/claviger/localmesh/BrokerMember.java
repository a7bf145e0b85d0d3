package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import java.net.URI;

/**
 * A broker of the mesh and its addresses.
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

  /** The value for {@code --endpoint-url}. */
  public URI endpoint() {
    return URI.create("http://" + api);
  }

  /** The webhook's URL for an API server. */
  public URI webhook() {
    return URI.create("https://" + admission + "/mutate");
  }

  /** The URL for Prometheus. */
  public URI metrics() {
    return URI.create("http://" + management + "/metrics");
  }
}
