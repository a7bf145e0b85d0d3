package io.claviger.localmesh;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The processes of a mesh that were started and not retired, running or not. */
final class MeshMembers {

  /** With more at once, each gets so little processor time that it looks stuck. */
  private static final int STARTING_AT_ONCE = 4 * Runtime.getRuntime().availableProcessors();

  private final Member kafka;
  private final List<BrokerMember> brokers = new CopyOnWriteArrayList<>();
  private final List<EdgeMember> edges = new CopyOnWriteArrayList<>();

  MeshMembers(Member kafka) {
    this.kafka = kafka;
  }

  Member kafka() {
    return kafka;
  }

  /** Modifiable, in start order. */
  List<BrokerMember> brokers() {
    return brokers;
  }

  /** Modifiable, in start order. */
  List<EdgeMember> edges() {
    return edges;
  }

  void retire(Member member) {
    brokers.removeIf(broker -> broker.member().equals(member));
    edges.removeIf(edge -> edge.member().equals(member));
  }

  /** All processes, Kafka first. */
  List<Member> all() {
    return Stream.concat(Stream.of(kafka), clients().stream()).toList();
  }

  private List<Member> clients() {
    return Stream.concat(
            brokers.stream().map(BrokerMember::member), edges.stream().map(EdgeMember::member))
        .toList();
  }

  /** Starts Kafka, then brokers and edges. None may be running. */
  void startAgain(Consumer<Member> awaitReady) {
    kafka.start();
    awaitReady.accept(kafka);
    startSomeAtOnce(
        clients().stream().<Supplier<Member>>map(member -> () -> started(member)).toList(),
        awaitReady);
  }

  private static Member started(Member member) {
    member.start();
    return member;
  }

  /**
   * Starts brokers and edges in this order, in batches: the next batch starts when all before are
   * ready.
   */
  static void startSomeAtOnce(List<Supplier<Member>> starts, Consumer<Member> awaitReady) {
    for (int first = 0; first < starts.size(); first += STARTING_AT_ONCE) {
      starts.subList(first, Math.min(starts.size(), first + STARTING_AT_ONCE)).stream()
          .map(Supplier::get)
          .toList()
          .forEach(awaitReady);
    }
  }

  /** The processor time of all processes so far. */
  Duration processorTime() {
    return all().stream().map(Member::processorTime).reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * Ends edges and brokers in parallel, then Kafka, and waits until all have ended by themselves.
   */
  void end(Duration timeout) {
    List<Member> clients = clients();
    clients.forEach(Member::terminate);
    clients.forEach(member -> member.end(timeout));
    kafka.end(timeout);
  }

  /** Stops edges and brokers in parallel, then Kafka; kills those that exceed the timeout. */
  void stop(Duration timeout) {
    List<Member> clients = clients();
    clients.forEach(Member::terminate);
    clients.forEach(member -> member.stop(timeout));
    kafka.stop(timeout);
  }
}
