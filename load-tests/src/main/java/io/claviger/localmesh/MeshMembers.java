package io.claviger.localmesh;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The processes of a mesh: those that were started and not retired, running or not. */
final class MeshMembers {

  /** Of more, each has too little of the processors to be told from one that is stuck. */
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

  /** In the order of their start; what is added is a broker of the mesh. */
  List<BrokerMember> brokers() {
    return brokers;
  }

  /** In the order of their start; what is added is an edge of the mesh. */
  List<EdgeMember> edges() {
    return edges;
  }

  void retire(Member member) {
    brokers.removeIf(broker -> broker.member().equals(member));
    edges.removeIf(edge -> edge.member().equals(member));
  }

  /** Kafka first. */
  List<Member> all() {
    return Stream.concat(Stream.of(kafka), clients().stream()).toList();
  }

  private List<Member> clients() {
    return Stream.concat(
            brokers.stream().map(BrokerMember::member), edges.stream().map(EdgeMember::member))
        .toList();
  }

  /** Starts Kafka, then brokers and edges, of which none runs. */
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

  /** Starts brokers and edges in this order, the next ones when those before are ready. */
  static void startSomeAtOnce(List<Supplier<Member>> starts, Consumer<Member> awaitReady) {
    for (int first = 0; first < starts.size(); first += STARTING_AT_ONCE) {
      starts.subList(first, Math.min(starts.size(), first + STARTING_AT_ONCE)).stream()
          .map(Supplier::get)
          .toList()
          .forEach(awaitReady);
    }
  }

  /** The processor time of all of them until now. */
  Duration processorTime() {
    return all().stream().map(Member::processorTime).reduce(Duration.ZERO, Duration::plus);
  }

  /** Ends edges and brokers at once, then Kafka, and waits until they have ended by themselves. */
  void end(Duration timeout) {
    List<Member> clients = clients();
    clients.forEach(Member::terminate);
    clients.forEach(member -> member.end(timeout));
    kafka.end(timeout);
  }

  /** Stops edges and brokers at once, then Kafka; kills those that take longer. */
  void stop(Duration timeout) {
    List<Member> clients = clients();
    clients.forEach(Member::terminate);
    clients.forEach(member -> member.stop(timeout));
    kafka.stop(timeout);
  }
}
