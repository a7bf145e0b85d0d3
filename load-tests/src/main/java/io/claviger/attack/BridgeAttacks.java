package io.claviger.attack;

import java.util.List;

/** The attacks on the brokers' bridge for edges. */
final class BridgeAttacks {

  private static final String STRANGER = "a host that reaches the brokers' bridge";
  private static final String EDGE = "an edge's connection";
  private static final String NODE = "root on a node";

  private BridgeAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "bridge-no-tls",
            STRANGER,
            "plain text, half a handshake, and a handshake without data after it",
            BridgeStrangers::withoutTls),
        new Attack(
            "bridge-no-login",
            STRANGER,
            "frames of every kind before a login",
            BridgeStrangers::withoutLogin),
        new Attack(
            "bridge-malformed",
            STRANGER,
            "malformed frames, and logins over the size limit",
            BridgeStrangers::malformed),
        new Attack(
            "bridge-tokens",
            STRANGER,
            "logins with tokens that are not an edge's",
            BridgeLogins::tokens),
        new Attack(
            "bridge-flood",
            STRANGER,
            "more connections without a login than the limit",
            BridgeFlood::flood),
        new Attack(
            "bridge-addresses",
            EDGE,
            "the brokers' own addresses, and other addresses that are not permitted",
            BridgeSessions::addresses),
        new Attack(
            "bridge-frames",
            EDGE,
            "malformed or oversized frames and bodies, and unknown types",
            BridgeSessions::frames),
        new Attack(
            "bridge-slow-reader",
            EDGE,
            "an edge that sends requests and does not read the responses",
            BridgeFlood::slowReader),
        new Attack(
            "bridge-other-nodes",
            NODE,
            "tokens and logins of other nodes on a node's own connection",
            BridgeNodes::otherNodes));
  }
}
