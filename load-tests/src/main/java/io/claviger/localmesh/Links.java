package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import java.util.Optional;

/** What is between the members of a mesh: they are told the addresses that this says. */
public interface Links {

  /** Nothing: members reach each other directly. */
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

  /** Where edges reach the bridge of a broker. */
  HostPort toBroker(HostPort bridge);

  /**
   * Where the first broker reaches a listener of Kafka's that is for it alone; nothing where it
   * uses that of all.
   */
  Optional<HostPort> toKafka(HostPort listener);
}
