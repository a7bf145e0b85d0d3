package io.claviger.fault;

import io.claviger.fault.Fault.Action;
import io.claviger.fault.Fault.Promise;
import io.claviger.localmesh.EdgeMember;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.MeshDirectory;
import io.claviger.localmesh.MeshKeys;
import io.claviger.localmesh.PrivateFiles;
import io.claviger.stsfake.Behaviour;
import io.claviger.stsfake.QueryError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** All faults, in the order in which they run. */
public final class Faults {

  private static final Duration USUAL = Duration.ofMillis(50);
  private static final Duration NEVER = Duration.ZERO;
  private static final Duration OFTEN = Duration.ofSeconds(2);
  private static final QueryError DENIED =
      QueryError.accessDenied("the broker", "sts:AssumeRole", "every role");

  /** How long a broker caches the denial of a role: docs/architecture.md. */
  private static final Duration DENIAL_REMEMBERED = Duration.ofSeconds(5);

  /** Empty, not XML, truncated, of another operation, and without credentials. */
  private static final List<String> WRONG_ANSWERS =
      List.of(
          "",
          "<html><body>It works!</body>",
          "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA",
          "<ListQueuesResponse/>",
          "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>");

  private static final String KAFKA_DISK_FULL = "kafka-disk-full";
  private static final String BROKER_CLOCK = "broker-clock";
  private static final String EDGE_CLOCK = "edge-clock";
  private static final Duration STEP = Duration.ofMinutes(10);
  private static final Duration BEHIND = Duration.ofSeconds(5);

  private static final Action NOTHING = stage -> {};

  private static final List<Fault> ALL =
      List.of(
          // STS is slow, so that its answers are in flight during changes.
          new Fault(
              "role-changes",
              "roles change while brokers open sessions for the earlier roles",
              Promise.EVERY_FETCH,
              Duration.ofMillis(300),
              OFTEN,
              NOTHING,
              NOTHING),
          ofBroker("broker-killed", "kill -9 of a broker", Member::kill),
          usual(
              "broker-frozen",
              "SIGSTOP of a broker: its connections stay open, and it does not respond",
              stage -> stage.broker(1).pause(),
              stage -> stage.broker(1).resume()),
          usual(
              "brokers-restarted",
              "every broker is stopped and started, one after the other",
              NOTHING,
              stage -> stage.brokers().forEach(stage::restart)),
          new Fault(
              "edges-replaced",
              "every edge is replaced by a new one on the same port, as in an update",
              Promise.NEW_EDGES,
              USUAL,
              OFTEN,
              NOTHING,
              stage -> stage.edgesToReplace().forEach(stage::replace)),
          new Fault(
              "edge-killed",
              "kill -9 and restart of an edge",
              Promise.OTHER_NODES,
              USUAL,
              OFTEN,
              stage -> stage.edge(1).member().kill(),
              stage -> stage.start(stage.edge(1).member())),
          new Fault(
              "edge-frozen",
              "SIGSTOP of an edge",
              Promise.OTHER_NODES_CUT_OFF,
              USUAL,
              OFTEN,
              stage -> stage.edge(1).member().pause(),
              stage -> stage.edge(1).member().resume()),
          ofLink(
              "link-black-hole",
              "the network to a broker drops all packets",
              LinkProxy.State.BLACK_HOLE),
          ofLink(
              "link-half-open",
              "the network drops all packets from a broker, and none to it",
              LinkProxy.State.HALF_OPEN),
          ofLink("link-reset", "connections to a broker are reset", LinkProxy.State.RESET),
          usual(
              "link-slow",
              "the network to a broker has a latency of 200 ms each way",
              stage -> stage.link(1).delay(Duration.ofMillis(200)),
              stage -> stage.link(1).delay(Duration.ZERO)),
          usual(
              "broker-behind",
              "a broker without Kafka receives no changes; the other broker is slow",
              Faults::behind,
              stage -> {
                stage.linkToKafka().state(LinkProxy.State.FINE);
                stage.link(2).delay(Duration.ZERO);
              }),
          usual(
              "kafka-killed",
              "kill -9 of Kafka",
              stage -> stage.kafka().kill(),
              stage -> stage.start(stage.kafka())),
          usual(
              "kafka-lost",
              "kill -9 of Kafka and a broker; Kafka starts again without its data",
              Faults::loseKafka,
              stage -> {
                stage.start(stage.kafka());
                stage.start(stage.broker(1));
              }),
          usual(
              "kafka-frozen",
              "SIGSTOP of Kafka",
              stage -> stage.kafka().pause(),
              stage -> stage.kafka().resume()),
          usual(
              KAFKA_DISK_FULL,
              "Kafka's disk is full",
              stage -> stage.kafka().fillDisk(),
              Faults::replaceKafka),
          usual(
              "keys-rotated",
              "certificates, the sealing key and the token issuer's key are rotated",
              Faults::rotateKeys,
              stage -> stage.mesh().keys().activateSealingKey()),
          ofSts(
              "sts-slow", "every STS call takes 30 s", sts -> sts.latency(Duration.ofSeconds(30))),
          ofSts("sts-throttles", "STS throttles every call", sts -> sts.throttlePart(1)),
          ofSts(
              "sts-fails",
              "STS answers every call with an internal failure",
              sts -> sts.failWith(QueryError.internalFailure())),
          new Fault(
              "sts-denies",
              "STS denies every role",
              Promise.OTHER_ACCOUNTS,
              USUAL,
              OFTEN,
              stage -> stage.sts().behaviour().failWith(DENIED),
              stage -> {
                stage.sts().behaviour().clear();
                TimeUnit.NANOSECONDS.sleep(DENIAL_REMEMBERED.toNanos());
              }),
          ofSts(
              "sts-wrong-answers",
              "STS returns malformed responses to AssumeRole",
              sts -> sts.answerWith(WRONG_ANSWERS)),
          new Fault(
              "brokers-gone",
              "all brokers are killed",
              Promise.EVERY_FETCH,
              USUAL,
              NEVER,
              stage -> stage.brokers().forEach(Member::kill),
              stage -> {
                stage.brokers().forEach(Member::start);
                stage
                    .brokers()
                    .forEach(broker -> broker.awaitReady(stage.mesh().options().timeout()));
              }),
          usual(
              BROKER_CLOCK,
              "a broker's clock steps ten minutes ahead, then to ten minutes behind",
              stage -> stage.stepClock(stage.broker(1), STEP),
              stage -> behindAndRight(stage, stage.broker(1))),
          new Fault(
              EDGE_CLOCK,
              "an edge's clock steps ten minutes ahead, then to ten minutes behind",
              Promise.OTHER_NODES,
              USUAL,
              OFTEN,
              stage -> stage.stepClock(stage.edge(1).member(), STEP),
              stage -> behindAndRight(stage, stage.edge(1).member())),
          // After this fault, members have the system's clock again.
          new Fault(
              "all-restarted",
              "Kafka, brokers and edges are killed and started again",
              Promise.AFTERWARDS,
              USUAL,
              NEVER,
              Faults::killAll,
              stage -> stage.mesh().startAgain()));

  private Faults() {}

  /** All faults. */
  public static List<Fault> all() {
    return ALL;
  }

  /** The fault with this name. */
  public static Optional<Fault> named(String name) {
    return ALL.stream().filter(fault -> fault.name().equals(name)).findAny();
  }

  /** What this machine lacks for a fault; empty if it lacks nothing. */
  public static Optional<String> missing(Fault fault) {
    if (List.of(BROKER_CLOCK, EDGE_CLOCK).contains(fault.name())
        && SteppedClock.library().isEmpty()) {
      return Optional.of("libfaketime is not installed");
    }
    return fault.name().equals(KAFKA_DISK_FULL) && !Member.canFillDisk()
        ? Optional.of("prlimit is not installed")
        : Optional.empty();
  }

  private static Fault usual(String name, String what, Action begin, Action end) {
    return new Fault(name, what, Promise.EVERY_FETCH, USUAL, OFTEN, begin, end);
  }

  private static Fault ofBroker(String name, String what, Consumer<Member> hurt) {
    return usual(
        name, what, stage -> hurt.accept(stage.broker(1)), stage -> stage.start(stage.broker(1)));
  }

  private static Fault ofLink(String name, String what, LinkProxy.State state) {
    return usual(
        name,
        what,
        stage -> stage.link(1).state(state),
        stage -> stage.link(1).state(LinkProxy.State.FINE));
  }

  private static Fault ofSts(String name, String what, Consumer<Behaviour> hurt) {
    return new Fault(
        name,
        what,
        Promise.OTHER_ACCOUNTS,
        USUAL,
        OFTEN,
        stage -> hurt.accept(stage.sts().behaviour()),
        stage -> stage.sts().behaviour().clear());
  }

  /** The other broker is so slow that edges also query the one behind, which answers first. */
  private static void behind(Stage stage) {
    stage.linkToKafka().state(LinkProxy.State.BLACK_HOLE);
    stage.link(2).delay(Duration.ofMillis(200));
  }

  private static void behindAndRight(Stage stage, Member member) throws InterruptedException {
    stage.stepClockAgain(member, STEP.negated());
    TimeUnit.NANOSECONDS.sleep(BEHIND.toNanos());
    stage.stepClockAgain(member, Duration.ZERO);
  }

  private static void loseKafka(Stage stage) {
    stage.kafka().kill();
    stage.broker(1).kill();
    PrivateFiles.delete(new MeshDirectory(stage.mesh().options().directory()).kafka());
  }

  /** Kafka may already have ended, because it could not write. */
  private static void replaceKafka(Stage stage) {
    if (stage.kafka().isAlive()) {
      stage.kafka().kill();
    }
    stage.start(stage.kafka());
  }

  private static void rotateKeys(Stage stage) {
    MeshKeys keys = stage.mesh().keys();
    stage.mesh().brokers().forEach(keys::renewCertificate);
    keys.rotateIssuerKey();
    keys.addSealingKey();
  }

  private static void killAll(Stage stage) {
    stage.mesh().edges().stream().map(EdgeMember::member).forEach(Member::kill);
    stage.brokers().forEach(Member::kill);
    stage.kafka().kill();
  }
}
