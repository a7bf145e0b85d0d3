package io.claviger.attack;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Invalid proofs. Valid ones come from a member's address, because brokers do not count an address
 * as a stranger's after a valid proof.
 */
final class MemberProofs {

  /** No connection has come from this address before, so it has a stranger's turns. */
  private static final String NEWCOMER = "127.0.0.10";

  /** A stranger's connection may last two seconds. */
  private static final Duration LATEST = Duration.ofSeconds(4);

  private static final Duration WATCHED = Duration.ofSeconds(8);
  private static final Duration STAYS = Duration.ofSeconds(3);

  private MemberProofs() {}

  static void proofs(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    for (BrokerMember broker : mesh.brokers()) {
      Map<String, MemberHello> wrong = new LinkedHashMap<>();
      try {
        MemberHello right = MemberHello.right(mesh, broker.hazelcast());
        byte[] otherKey = right.key().getEncoded();
        otherKey[0] ^= 1;
        wrong.put("another key of that name", right.withKey(otherKey));
        wrong.put("a key of zeros", right.withKey(new byte[MemberHello.NONCE]));
        wrong.put("another mesh", right.ofMesh("production"));
        wrong.put("no mesh", right.ofMesh(""));
        wrong.put("the other role", right.as("accepts"));
        wrong.put("no role", right.as(""));
        wrong.put("another port", right.to("127.0.0.1 1"));
        wrong.put("another address", right.to("10.0.0.1 " + broker.hazelcast().port()));
        for (BrokerMember other : mesh.brokers()) {
          if (!other.equals(broker)) {
            wrong.put(
                "a proof that was meant for " + other.member().name(),
                MemberHello.right(mesh, other.hazelcast()));
          }
        }
        for (Map.Entry<String, MemberHello> one : wrong.entrySet()) {
          tally.refuses(
              "a proof with " + one.getKey(),
              Ending.of(() -> ending(one.getValue(), broker)),
              Ending.closedWithin(LATEST));
        }
        changed(broker, right, tally);
        tally.permits(
            "a valid proof from a stranger's address",
            Ending.of(
                () -> {
                  try (StrangerSocket socket = right.connect(NEWCOMER, broker.hazelcast())) {
                    return socket.ending(STAYS);
                  }
                }),
            ending -> ending instanceof Ending.Open);
      } catch (IOException e) {
        tally.broken("no proof could be created: " + e);
      }
      MemberPortAttacks.permitted(mesh, broker, tally);
    }
  }

  private static Ending ending(MemberHello hello, BrokerMember broker) throws IOException {
    try (StrangerSocket socket = hello.connect(StrangerSocket.STRANGER, broker.hazelcast())) {
      return socket.ending(WATCHED);
    }
  }

  /** Proofs that were recorded on another connection, or are sent back to their sender. */
  private static void changed(BrokerMember broker, MemberHello right, Tally tally) {
    byte[] own = MemberHello.nonce();
    byte[][] seen = new byte[1][];
    tally.permits(
        "a valid proof, which is recorded",
        Ending.of(
            () -> {
              try (StrangerSocket socket =
                  answered(right, own, broker, seen, StrangerSocket.MEMBER)) {
                return socket.send(right.proof(own, seen[0])).ending(STAYS);
              }
            }),
        ending -> ending instanceof Ending.Open);
    Map<String, byte[]> proofs = new LinkedHashMap<>();
    proofs.put("the same proof once more", right.proof(own, seen[0] == null ? own : seen[0]));
    proofs.put("zeros as a proof", new byte[MemberHello.NONCE]);
    proofs.put("its own nonce as a proof", own);
    for (Map.Entry<String, byte[]> one : proofs.entrySet()) {
      tally.refuses(
          one.getKey(),
          Ending.of(
              () -> {
                try (StrangerSocket socket =
                    answered(right, own, broker, new byte[1][], StrangerSocket.STRANGER)) {
                  return socket.send(one.getValue()).ending(WATCHED);
                }
              }),
          Ending.closedWithin(LATEST));
    }
    tally.refuses(
        "the broker's own proof sent back",
        Ending.of(
            () -> {
              try (StrangerSocket socket =
                  StrangerSocket.open(StrangerSocket.STRANGER, broker.hazelcast())) {
                byte[] answer = right.sayHello(socket, own);
                return socket
                    .send(Arrays.copyOfRange(answer, MemberHello.NONCE, answer.length))
                    .ending(WATCHED);
              }
            }),
        Ending.closedWithin(LATEST));
    for (String protocol :
        List.of("CP2", "CB2", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "stats\r\n")) {
      tally.refuses(
          "a member that speaks as " + protocol.substring(0, 3),
          Ending.of(
              () -> {
                try (StrangerSocket socket =
                    right.connect(StrangerSocket.MEMBER, broker.hazelcast())) {
                  return socket.send(protocol).ending(WATCHED);
                }
              }),
          MemberProofs::isOtherProtocol);
    }
  }

  /** Hazelcast's answer to an unknown protocol. */
  private static boolean isOtherProtocol(Ending ending) {
    return ending instanceof Ending.Closed(var said, var after)
        && (said.isEmpty() || said.equals("HZX"));
  }

  private static StrangerSocket answered(
      MemberHello hello, byte[] own, BrokerMember broker, byte[][] seen, String from)
      throws IOException {
    StrangerSocket socket = StrangerSocket.open(from, broker.hazelcast());
    try {
      seen[0] = Arrays.copyOf(hello.sayHello(socket, own), MemberHello.NONCE);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
