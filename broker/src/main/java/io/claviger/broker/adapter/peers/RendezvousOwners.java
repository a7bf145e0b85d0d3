package io.claviger.broker.adapter.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.broker.issuance.SessionOwners;
import io.claviger.schemas.bus.SessionKey;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A session key's owner is the broker with the highest score for it among those that serve
 * (rendezvous hashing): all who see the same brokers name the same one, and one that comes or goes
 * moves no keys but its own.
 */
public final class RendezvousOwners implements SessionOwners {

  private final String nodeId;
  private final Supplier<Set<String>> serving;

  /**
   * Owners as this broker sees them.
   *
   * @param nodeId of this broker on the event bus
   * @param serving the others that serve; asked for each key
   */
  public RendezvousOwners(String nodeId, Supplier<Set<String>> serving) {
    this.nodeId = nodeId;
    this.serving = serving;
  }

  @Override
  public Owner ownerOf(SessionKey key) {
    String text = key.text();
    String owner =
        Stream.concat(Stream.of(nodeId), serving.get().stream())
            .max(Comparator.comparing(candidate -> score(candidate, text)))
            .orElse(nodeId);
    return owner.equals(nodeId) ? new Owner.Here() : new Owner.Peer(owner);
  }

  /** Any function that all brokers share and that spreads well. */
  private static UUID score(String candidate, String key) {
    return UUID.nameUUIDFromBytes((candidate + ' ' + key).getBytes(UTF_8));
  }
}
