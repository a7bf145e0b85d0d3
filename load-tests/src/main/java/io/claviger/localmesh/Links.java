package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import java.util.Optional;

/**
 * Addresses of links between the processes of a mesh. Each process gets the link's address in place
 * of its peer's.
 */
public interface Links {

  /** No links: processes connect directly. */
  Links NONE =
      new Links() {
        @Override
        public HostPort toBroker(HostPort bridge) {
          return bridge;
        }

        @Override
        public Optional<HostPort> toKafka(HostPort listener) {
          return Optional.empty();
        }
      };

  /** Where edges connect to reach a broker's bridge. */
  HostPort toBroker(HostPort bridge);

  /**
   * Where the first broker connects to reach its own listener of Kafka; empty if it uses the
   * listener of all brokers.
   */
  Optional<HostPort> toKafka(HostPort listener);
}
