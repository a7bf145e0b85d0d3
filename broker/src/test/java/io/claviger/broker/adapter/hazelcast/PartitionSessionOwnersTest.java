package io.claviger.broker.adapter.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import io.claviger.broker.issuance.SessionOwners.Owner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionSessionOwnersTest {

  @Test
  void knowsNoOwnerWhileThePartitionHasNone() {
    assertThat(ownerOf(null)).isEqualTo(new Owner.Unknown());
  }

  @Test
  void knowsThisMember() {
    assertThat(ownerOf(member(true, null))).isEqualTo(new Owner.Here());
  }

  @Test
  void namesAPeerAsTheEventBusKnowsIt() {
    assertThat(ownerOf(member(false, "node-2"))).isEqualTo(new Owner.Peer("node-2"));
  }

  @Test
  void knowsNoOwnerThatTheEventBusDoesNotReachYet() {
    assertThat(ownerOf(member(false, null))).isEqualTo(new Owner.Unknown());
  }

  @Test
  void knowsNoOwnerWhileItsMemberIsShuttingDown() {
    FakeGrid grid =
        FakeGrid.answering(
            "getPartitionService",
            none -> {
              throw new IllegalStateException("not active");
            });

    assertThat(new PartitionSessionOwners(grid.instance()).ownerOf(Sealed.key("shop/cart")))
        .isEqualTo(new Owner.Unknown());
  }

  private static Owner ownerOf(@Nullable Member owner) {
    Partition partition = new FakeGrid().also("getOwner", none -> owner).as(Partition.class);
    PartitionService partitions =
        FakeGrid.answering("getPartition", key -> partition).as(PartitionService.class);
    FakeGrid grid = FakeGrid.answering("getPartitionService", none -> partitions);
    return new PartitionSessionOwners(grid.instance()).ownerOf(Sealed.key("shop/cart"));
  }

  private static Member member(boolean local, @Nullable String nodeId) {
    return new FakeGrid()
        .also("localMember", none -> local)
        .also("getAttribute", name -> nodeId)
        .as(Member.class);
  }
}
