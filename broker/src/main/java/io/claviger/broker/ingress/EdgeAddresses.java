package io.claviger.broker.ingress;

import io.claviger.schemas.bus.BusProtocol;
import java.util.Set;

/** The only event-bus addresses that an edge has to do with; the brokers' own are none of them. */
final class EdgeAddresses {

  /** An edge may send to these, each answered by a consumer of this broker. */
  static final Set<String> INBOUND =
      Set.of(
          BusProtocol.LOGIN,
          BusProtocol.CREDENTIALS,
          BusProtocol.KEYS,
          BusProtocol.SYNC,
          BusProtocol.REVOKED_PODS,
          BusProtocol.PODS,
          BusProtocol.NODE_EVENTS);

  /** An edge may register these; nobody else's messages get to it. */
  static final Set<String> OUTBOUND =
      Set.of(
          BusProtocol.KEYS_CHANGED,
          BusProtocol.ASSOCIATION_CHANGED,
          BusProtocol.REVOKED_PODS_CHANGED,
          BusProtocol.PODS_GONE);

  private EdgeAddresses() {}
}
