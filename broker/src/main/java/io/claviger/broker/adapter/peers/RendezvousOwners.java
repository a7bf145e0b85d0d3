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
 * Selects a session key's owner: the serving broker with the highest score for the key (rendezvous
 * hashing). Brokers that see the same brokers select the same owner. A broker that joins or leaves
 * changes only the owners of its own keys.
 */
public final class RendezvousOwners implements SessionOwners {

  private final String nodeId;
  private final Supplier<Set<String>> serving;

  /**
   * Selects among the brokers that this broker sees.
   *
   * @param nodeId of this broker on the event bus
   * @param serving the others that serve; called for each key
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

  /** Any function works if all brokers share it and it spreads well. */
  private static UUID score(String candidate, String key) {
    return UUID.nameUUIDFromBytes((candidate + ' ' + key).getBytes(UTF_8));
  }
}
