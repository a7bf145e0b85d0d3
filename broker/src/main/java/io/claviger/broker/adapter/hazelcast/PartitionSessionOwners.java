package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import io.claviger.broker.issuance.SessionOwners;
import io.claviger.config.cluster.ClusteredVertx;
import io.claviger.schemas.bus.SessionKey;
import org.jspecify.annotations.Nullable;

/** A session key's owner is the member that owns the key's partition. */
public final class PartitionSessionOwners implements SessionOwners {

  private final HazelcastInstance hazelcast;

  public PartitionSessionOwners(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
  }

  @Override
  public Owner ownerOf(SessionKey key) {
    Member owner = owner(key);
    if (owner == null) {
      return new Owner.Unknown();
    }
    if (owner.localMember()) {
      return new Owner.Here();
    }
    String nodeId = owner.getAttribute(ClusteredVertx.NODE_ID_ATTRIBUTE);
    return nodeId == null ? new Owner.Unknown() : new Owner.Peer(nodeId);
  }

  /** There is none for a moment after a member has died. */
  private @Nullable Member owner(SessionKey key) {
    try {
      return hazelcast.getPartitionService().getPartition(key.text()).getOwner();
    } catch (IllegalStateException e) {
      return null; // this member is shutting down
    }
  }
}
