package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.cluster.InitialMembershipEvent;
import com.hazelcast.cluster.InitialMembershipListener;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.claviger.config.cluster.ClusteredVertx;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Reports the event-bus node ids of the other brokers when they join and leave, on Hazelcast's
 * thread.
 */
public final class PeerMembers implements InitialMembershipListener {

  private final Consumer<String> joined;
  private final Consumer<String> left;

  private PeerMembers(Consumer<String> joined, Consumer<String> left) {
    this.joined = joined;
    this.left = left;
  }

  /**
   * Watches for the life of this member, starting with the current brokers.
   *
   * @param joined must not block
   * @param left must not block
   */
  public static void watch(
      HazelcastInstance hazelcast, Consumer<String> joined, Consumer<String> left) {
    hazelcast.getCluster().addMembershipListener(new PeerMembers(joined, left));
  }

  /**
   * Returns the event-bus node ids of the other brokers; empty once this broker has left. No I/O.
   */
  public static Set<String> nodeIds(HazelcastInstance hazelcast) {
    Set<String> nodeIds = new HashSet<>();
    try {
      hazelcast.getCluster().getMembers().forEach(member -> acceptNodeId(member, nodeIds::add));
    } catch (HazelcastInstanceNotActiveException e) {
      return Set.of();
    }
    return nodeIds;
  }

  /**
   * Returns whether this broker is still a Hazelcast member. Once false, it stays false. No I/O.
   */
  public static BooleanSupplier belongs(HazelcastInstance hazelcast) {
    return () -> hazelcast.getLifecycleService().isRunning();
  }

  /** Returns the number of brokers, this one included; 1 once this broker leaves. No I/O. */
  public static IntSupplier count(HazelcastInstance hazelcast) {
    return () -> {
      try {
        return hazelcast.getCluster().getMembers().size();
      } catch (HazelcastInstanceNotActiveException e) {
        return 1;
      }
    };
  }

  @Override
  public void init(InitialMembershipEvent event) {
    event.getMembers().forEach(member -> acceptNodeId(member, joined));
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    acceptNodeId(event.getMember(), joined);
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    acceptNodeId(event.getMember(), left);
  }

  private static void acceptNodeId(Member member, Consumer<String> whom) {
    String nodeId = member.getAttribute(ClusteredVertx.NODE_ID_ATTRIBUTE);
    if (!member.localMember() && nodeId != null) {
      whom.accept(nodeId);
    }
  }
}
