package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import java.net.URI;

/**
 * A node-edge of the mesh and its addresses.
 *
 * @param member its process
 * @param node the node that it serves
 * @param listen where pods send requests
 * @param probes the node's probes
 * @param prometheus metrics
 */
public record EdgeMember(
    Member member, String node, HostPort listen, HostPort probes, HostPort prometheus) {

  /** The value of {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} in pods. */
  public URI credentials() {
    return URI.create("http://" + listen + "/v1/credentials");
  }

  /** The URL for Prometheus. */
  public URI metrics() {
    return URI.create("http://" + prometheus + "/metrics");
  }
}
