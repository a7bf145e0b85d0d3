package io.claviger.attack;

import java.util.List;

/** The attacks on the brokers' bridge for edges. */
final class BridgeAttacks {

  private static final String STRANGER = "who reaches the brokers' bridge";
  private static final String EDGE = "an edge's connection";
  private static final String NODE = "a node (root on it)";

  private BridgeAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "bridge-no-tls",
            STRANGER,
            "plain text, half a handshake, a handshake and nothing more",
            BridgeStrangers::withoutTls),
        new Attack(
            "bridge-no-login",
            STRANGER,
            "frames of every kind before a login",
            BridgeStrangers::withoutLogin),
        new Attack(
            "bridge-malformed",
            STRANGER,
            "what is no frame, or more than is read before a login",
            BridgeStrangers::malformed),
        new Attack(
            "bridge-tokens",
            STRANGER,
            "logins with tokens that are no edge's",
            BridgeLogins::tokens),
        new Attack(
            "bridge-flood",
            STRANGER,
            "more connections without a login than there may be",
            BridgeFlood::flood),
        new Attack(
            "bridge-addresses",
            EDGE,
            "the brokers' own addresses, and others that are not permitted",
            BridgeSessions::addresses),
        new Attack(
            "bridge-frames",
            EDGE,
            "frames and bodies that are malformed, too large, or of no known type",
            BridgeSessions::frames),
        new Attack(
            "bridge-slow-reader",
            EDGE,
            "an edge that asks and does not read the answers",
            BridgeFlood::slowReader),
        new Attack(
            "bridge-other-nodes",
            NODE,
            "tokens and logins of other nodes on a node's own connection",
            BridgeNodes::otherNodes));
  }
}
