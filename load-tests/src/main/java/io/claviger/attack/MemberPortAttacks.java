package io.claviger.attack;

import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeterReading;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The attacks on Hazelcast's port, and on the port of the event bus among brokers. */
final class MemberPortAttacks {

  private static final String WHO = "a host on the brokers' network";

  /** A stranger's connection may last two seconds. */
  private static final Duration LATEST = Duration.ofSeconds(4);

  private static final Duration EARLIEST = Duration.ofMillis(1_500);
  private static final Duration WATCHED = Duration.ofSeconds(8);
  private static final Duration STAYS = Duration.ofSeconds(3);
  private static final Duration DRIP = Duration.ofMillis(300);

  /** Strangers have six turns at once, three for one address. */
  private static final int TURNS = 2;

  private static final int ALL_TURNS = 6;

  private static final int MANY = 100;
  private static final int QUICK = 40;

  private MemberPortAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "member-protocols",
            WHO,
            "the protocols of clients, REST, memcache and others at Hazelcast's port",
            MemberPortAttacks::speak),
        new Attack(
            "member-proofs",
            WHO,
            "invalid proofs of membership: without the key, replayed, or for another broker",
            MemberProofs::proofs),
        new Attack(
            "member-turns",
            WHO,
            "more connections without a proof than the limit, while a member connects",
            MemberPortAttacks::turns),
        new Attack(
            "bus-tls",
            WHO,
            "the event bus without TLS, or without a certificate of the mesh's CA",
            BusTls::bus));
  }

  static void speak(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    for (BrokerMember broker : mesh.brokers()) {
      Together.each(
          ForeignProtocols.all().entrySet(),
          TURNS,
          tally,
          one ->
              tally.refuses(
                  one.getKey(), say(broker, one.getValue()), Ending.closedWithin(LATEST)));
      Together.each(
          List.of("", "C", MemberHello.MAGIC, MemberHello.MAGIC + "\u0007local-1" + "x".repeat(31)),
          TURNS,
          tally,
          bytes ->
              tally.refuses(
                  bytes.length() + " bytes of a proof that then stops",
                  say(broker, bytes),
                  Ending.closedBetween(EARLIEST, LATEST)));
      tally.refuses(
          "a proof that comes byte by byte",
          Ending.of(() -> drip(mesh, broker)),
          Ending.closedBetween(EARLIEST, LATEST));
      permitted(mesh, broker, tally);
    }
  }

  private static Ending say(BrokerMember broker, String bytes) {
    return StrangerSocket.exchange(broker.hazelcast(), bytes, WATCHED);
  }

  private static Ending drip(LocalMesh mesh, BrokerMember broker) throws IOException {
    byte[] hello = MemberHello.right(mesh, broker.hazelcast()).hello(MemberHello.nonce());
    try (StrangerSocket socket = StrangerSocket.open(StrangerSocket.STRANGER, broker.hazelcast())) {
      Ending ending = new Ending.Open("");
      for (int i = 0; i < hello.length && ending instanceof Ending.Open; i++) {
        ending = socket.send(new byte[] {hello[i]}).ending(DRIP);
      }
      return ending;
    }
  }

  static void turns(Target target, Tally tally) throws InterruptedException {
    LocalMesh mesh = target.mesh();
    for (BrokerMember broker : mesh.brokers()) {
      CountDownLatch there = new CountDownLatch(ALL_TURNS);
      Together.beside(
          tally,
          () ->
              Together.each(
                  IntStream.range(0, target.quick() ? QUICK : MANY).boxed().toList(),
                  tally,
                  number ->
                      tally.refuses(
                          "stranger " + number + " at once",
                          Ending.of(() -> silent(broker, there)),
                          Ending.closedWithin(LATEST))),
          () -> {
            if (!there.await(LATEST.toMillis(), TimeUnit.MILLISECONDS)) {
              tally.broken("no strangers occupy turns beside a member");
            }
            tally.permits(
                "a member beside strangers",
                member(mesh, broker),
                ending -> ending instanceof Ending.Open);
          });
      permitted(mesh, broker, tally);
    }
  }

  private static Ending silent(BrokerMember broker, CountDownLatch there) throws IOException {
    try (StrangerSocket socket = StrangerSocket.open(StrangerSocket.STRANGER, broker.hazelcast())) {
      there.countDown();
      return socket.ending(WATCHED);
    }
  }

  private static Ending member(LocalMesh mesh, BrokerMember broker) {
    return Ending.of(
        () -> {
          try (StrangerSocket socket =
              MemberHello.right(mesh, broker.hazelcast())
                  .connect(StrangerSocket.MEMBER, broker.hazelcast())) {
            return socket.ending(STAYS);
          }
        });
  }

  static void permitted(LocalMesh mesh, BrokerMember broker, Tally tally)
      throws InterruptedException {
    tally.permits("a valid proof", member(mesh, broker), ending -> ending instanceof Ending.Open);
    tally.permits(
        "the other brokers are there",
        MeterReading.of(broker.metrics(), "claviger_peers{state=\"serving\""),
        others -> others == mesh.brokers().size() - 1);
  }
}
