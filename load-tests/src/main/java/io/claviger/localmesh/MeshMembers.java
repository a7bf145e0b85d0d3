package io.claviger.localmesh;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The processes of a mesh: those that were started and not retired, running or not. */
final class MeshMembers {

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
