package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members find each other by one name that resolves to all of their addresses. */
@Tag("ci")
class NamedMembersIT {

  private static final String NAME = "peers.claviger.test";
  private static final String PORT = "5701";
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final List<Integer> MACHINES = List.of(1, 2, 3);
  private static final int NOBODY = 9;

  @TempDir private Path directory;
  private final List<ForkedProcess> members = new ArrayList<>();
  private final List<AutoCloseable> others = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    members.forEach(ForkedProcess::close);
    Collections.reverse(others);
    for (AutoCloseable other : others) {
      other.close();
    }
  }

  private void start(UnaryOperator<List<String>> placed, String host) {
    members.add(
        ForkedProcess.start(placed, List.of(), MemberProcess.class, List.of(host, PORT, NAME)));
  }

  private void awaitSizes(int... sizes) {
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(members.stream().map(member -> member.ask("size")))
                    .containsExactlyElementsOf(
                        IntStream.of(sizes).mapToObj(Integer::toString).toList()));
  }

  private static String addresses(boolean v4, boolean v6, Integer... machines) {
    List<String> found = new ArrayList<>();
    for (int machine : machines) {
      if (v4) {
        found.add(NamespaceNetwork.ipv4(machine));
      }
      if (v6) {
        found.add(NamespaceNetwork.ipv6(machine));
      }
    }
    return String.join(" ", found);
  }

  /** Without root: one machine, and a hosts file instead of DNS. */
  @Test
  void joinByAllAddressesOfAName() throws IOException {
    Path hosts =
        Files.writeString(
            directory.resolve("hosts"),
            """
            127.0.0.9 %1$s
            127.0.0.1 %1$s
            """
                .formatted(NAME));
    List<String> ports = freePorts();

    ports.forEach(
        port ->
            members.add(
                ForkedProcess.start(
                    command -> command,
                    List.of("-Djdk.net.hosts.file=" + hosts),
                    MemberProcess.class,
                    Stream.concat(
                            Stream.of("127.0.0.1", port),
                            ports.stream().map(one -> NAME + ":" + one))
                        .toList())));

    awaitSizes(3, 3, 3);
  }

  private static List<String> freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket one = new ServerSocket(0, 1, loopback);
        ServerSocket two = new ServerSocket(0, 1, loopback);
        ServerSocket three = new ServerSocket(0, 1, loopback)) {
      return Stream.of(one, two, three)
          .map(socket -> Integer.toString(socket.getLocalPort()))
          .toList();
    }
  }

  @Test
  void joinOverDnsThatKnowsThemAMomentLaterAndMergeAfterASplit() throws IOException {
    NamespaceNetwork network = network();
    ForkedProcess dns = dns(network);
    dns.ask("");
    MACHINES.forEach(
        machine -> start(command -> network.on(machine, command), NamespaceNetwork.ipv4(machine)));

    // No member listens on the fourth address.
    dns.ask(addresses(true, false, 1, 2, 3, NOBODY));
    awaitSizes(3, 3, 3);
    members.get(0).ask("put before 1");

    network.cut(3);
    awaitSizes(2, 2, 1);
    members.get(0).ask("put of-two 1");
    members.get(2).ask("put of-one 1");

    network.heal(3);
    awaitSizes(3, 3, 3);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(members.stream().map(member -> member.ask("sessions")))
                    .containsOnly("sessions before of-one of-two"));
  }

  @Test
  void joinOverIpv6WhereTheNameHasBothFamilies() throws IOException {
    NamespaceNetwork network = network();
    dns(network).ask(addresses(true, true, 1, 2, 3));

    MACHINES.forEach(
        machine -> start(command -> network.on(machine, command), NamespaceNetwork.ipv6(machine)));

    awaitSizes(3, 3, 3);
  }

  private NamespaceNetwork network() throws IOException {
    NamespaceNetwork network = NamespaceNetwork.make(MACHINES.size(), directory);
    others.add(network);
    return network;
  }

  private ForkedProcess dns(NamespaceNetwork network) {
    ForkedProcess dns = ForkedProcess.start(network::dns, List.of(), DnsProcess.class, List.of());
    others.add(dns);
    return dns;
  }
}
