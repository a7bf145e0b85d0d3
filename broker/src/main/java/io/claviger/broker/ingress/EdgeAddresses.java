package io.claviger.broker.ingress;

import io.claviger.schemas.bus.BusProtocol;
import java.util.Set;

/** The event-bus addresses that an edge may use. The brokers' internal addresses are excluded. */
final class EdgeAddresses {

  /** Addresses that an edge may send to. A consumer of this broker answers each. */
  static final Set<String> INBOUND =
      Set.of(
          BusProtocol.LOGIN,
          BusProtocol.CREDENTIALS,
          BusProtocol.KEYS,
          BusProtocol.SYNC,
          BusProtocol.REVOKED_PODS,
          BusProtocol.PODS,
          BusProtocol.NODE_EVENTS);

  /** Addresses that an edge may register. It receives no other messages. */
  static final Set<String> OUTBOUND =
      Set.of(
          BusProtocol.KEYS_CHANGED,
          BusProtocol.ASSOCIATION_CHANGED,
          BusProtocol.REVOKED_PODS_CHANGED,
          BusProtocol.PODS_GONE);

  private EdgeAddresses() {}
}
