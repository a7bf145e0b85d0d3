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
                BusProtocol.WITHHELD,
                BusProtocol.PODS,
                BusProtocol.NODE_EVENTS))
        .noneMatch(address -> address.startsWith(BusProtocol.ownerAddress("")))
        .noneMatch(address -> address.startsWith(BusProtocol.tableAddress("")));
    assertThat(EdgeAddresses.OUTBOUND)
        .isEqualTo(
            Set.of(
                BusProtocol.KEYS_CHANGED,
                BusProtocol.ASSOCIATION_MOVED,
                BusProtocol.WITHHELD_CHANGED,
                BusProtocol.PODS_GONE));
  }
}
