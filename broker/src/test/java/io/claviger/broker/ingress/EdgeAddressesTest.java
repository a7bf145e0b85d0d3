package io.claviger.broker.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.BusProtocol;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EdgeAddressesTest {

  @Test
  void areDisjointForEachDirection() {
    assertThat(EdgeAddresses.INBOUND).doesNotContainAnyElementsOf(EdgeAddresses.OUTBOUND);
  }

  @Test
  void areThoseOfTheProtocolAndNoneOfTheBrokersOwn() {
    assertThat(EdgeAddresses.INBOUND)
        .isEqualTo(
            Set.of(
                BusProtocol.LOGIN,
                BusProtocol.CREDENTIALS,
                BusProtocol.KEYS,
                BusProtocol.SYNC,
                BusProtocol.REVOKED_PODS,
                BusProtocol.PODS,
                BusProtocol.NODE_EVENTS))
        .noneMatch(address -> address.startsWith(BusProtocol.ownerAddress("")))
        .noneMatch(address -> address.startsWith(BusProtocol.snapshotAddress("")));
    assertThat(EdgeAddresses.OUTBOUND)
        .isEqualTo(
            Set.of(
                BusProtocol.KEYS_CHANGED,
                BusProtocol.ASSOCIATION_CHANGED,
                BusProtocol.REVOKED_PODS_CHANGED,
                BusProtocol.PODS_GONE));
  }
}
