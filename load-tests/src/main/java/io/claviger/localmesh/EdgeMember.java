package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import java.net.URI;

/**
 * A node-edge of the mesh and where it listens.
 *
 * @param member its process
 * @param node the node it serves
 * @param listen where pods ask
 * @param probes where the node asks
 * @param prometheus where Prometheus asks
 */
public record EdgeMember(
    Member member, String node, HostPort listen, HostPort probes, HostPort prometheus) {

  /** What pods have in {@code AWS_CONTAINER_CREDENTIALS_FULL_URI}. */
  public URI credentials() {
    return URI.create("http://" + listen + "/v1/credentials");
  }

  /** What Prometheus would read. */
  public URI metrics() {
    return URI.create("http://" + prometheus + "/metrics");
  }
}
