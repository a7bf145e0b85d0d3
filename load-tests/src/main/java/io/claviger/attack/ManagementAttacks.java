package io.claviger.attack;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.localmesh.BrokerMember;
import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.Member;
import io.claviger.localmesh.Polling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks that nothing listens, answers or is readable beyond what is declared. */
final class ManagementAttacks {

  private static final String MEMBERS = "a host on the brokers' network";
  private static final String NODES = "a host beside a node";
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** A program warms up through a connection to itself, which ends 75 s after its start. */
  private static final Duration WARM = Duration.ofSeconds(100);

  private static final Duration LOOKS = Duration.ofMillis(500);

  private static final List<String> SECRETS =
      List.of("settings", "tls", "sealing-keys", "access", "tokens", "issuer", "aws");

  private ManagementAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "listening-brokers",
            MEMBERS,
            "TCP ports of brokers that are not in the settings or listen more widely",
            (target, tally) -> listening(brokers(target.mesh()), tally)),
        new Attack(
            "listening-edges",
            NODES,
            "TCP ports of edges that are not in the settings or listen more widely",
            (target, tally) -> listening(edges(target.mesh()), tally)),
        new Attack(
            "management-brokers",
            MEMBERS,
            "requests other than probes and metrics at the brokers' management port",
            (target, tally) ->
                management(
                    target.mesh().brokers().stream().map(BrokerMember::management).toList(),
                    tally)),
        new Attack(
            "management-edges",
            NODES,
            "requests other than probes and metrics at the edges' management ports",
            (target, tally) ->
                management(
                    target.mesh().edges().stream()
                        .flatMap(edge -> Stream.of(edge.probes(), edge.prometheus()))
                        .toList(),
                    tally)),
        new Attack(
            "debuggers",
            MEMBERS,
            "the first bytes of debuggers and remote management at every open TCP port",
            ManagementAttacks::debuggers),
        new Attack(
            "file-modes",
            NODES,
            "files with keys or tokens that users other than the owner can read",
            ManagementAttacks::modes));
  }

  /**
   * A program and the addresses on which it should listen.
   *
   * @param declared by its settings
   */
  private record Listens(Member member, List<HostPort> declared) {
    List<String> addresses() {
      return declared.stream().map(HostPort::toString).toList();
    }
  }

  private static List<Listens> brokers(LocalMesh mesh) {
    return mesh.brokers().stream()
        .filter(broker -> broker.member().isAlive())
        .map(
            broker ->
                new Listens(
                    broker.member(),
                    List.of(
                        broker.bridge(),
                        broker.hazelcast(),
                        broker.bus(),
                        broker.api(),
                        broker.admission(),
                        broker.management())))
        .toList();
  }

  private static List<Listens> edges(LocalMesh mesh) {
    return mesh.edges().stream()
        .filter(edge -> edge.member().isAlive())
        .map(
            edge ->
                new Listens(
                    edge.member(), List.of(edge.listen(), edge.probes(), edge.prometheus())))
        .toList();
  }

  private static void listening(List<Listens> members, Tally tally) throws InterruptedException {
    for (Listens member : members) {
      List<String> declared = member.addresses();
      List<String> found = onceWarm(member);
      found.forEach(
          address ->
              tally.refuses(
                  member.member().name() + " listens", address, one -> declared.contains(one)));
      tally.permits(
          member.member().name() + " listens on its declared addresses",
          found,
          addresses -> addresses.containsAll(declared));
      tally.refuses(
          member.member().name() + " can be attached to",
          attachable(member.member().pid()),
          can -> !can);
      for (HostPort port : member.declared()) {
        for (String address : otherAddresses()) {
          tally.refuses(
              member.member().name() + " at another address, port " + port.port(),
              StrangerSocket.exchange(
                  "0.0.0.0", new HostPort(address, port.port()), new byte[0], Duration.ZERO),
              ending -> ending instanceof Ending.Unreached);
        }
      }
    }
  }

  private static List<String> onceWarm(Listens member) throws InterruptedException {
    List<String> declared = member.addresses();
    try {
      return Polling.within(WARM)
          .every(LOOKS)
          .until(
              () -> ListeningSockets.of(member.member().pid()),
              found ->
                  declared.containsAll(found)
                      || found.stream().anyMatch(one -> !one.startsWith("127.0.0.1:")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the Java process has a debugger's socket. */
  private static boolean attachable(long pid) {
    return Files.exists(Path.of("/proc", String.valueOf(pid), "root", "tmp", ".java_pid" + pid));
  }

  /**
   * Addresses of loopback and of this machine's interfaces, except the one that all listeners have.
   */
  private static List<String> otherAddresses() {
    List<String> addresses = new ArrayList<>(List.of("127.0.0.2", "127.1.1.1"));
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
          .map(InetAddress::getHostAddress)
          .forEach(addresses::add);
      return addresses;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void management(List<HostPort> ports, Tally tally) {
    for (HostPort port : ports) {
      for (String path :
          List.of(
              "/",
              "/metrics/",
              "/metrics/x",
              "/METRICS",
              "/env",
              "/config",
              "/actuator",
              "/actuator/env",
              "/heapdump",
              "/threaddump",
              "/jolokia",
              "/debug/pprof/",
              "/shutdown",
              "/v1/credentials",
              "/../../etc/passwd",
              "/%2e%2e/etc/passwd",
              "//metrics",
              "/healthz;x",
              "/hazelcast/health",
              "/clusters")) {
        tally.refuses(
            path + " at a management port",
            send(port, ApiRequest.get(path)),
            reply -> reply.is(404));
      }
      for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD")) {
        tally.refuses(
            method + " at a management port",
            send(port, ApiRequest.get("/metrics").withMethod(method)),
            reply -> reply.is(405));
      }
      tally.refuses(
          "a head of 10 KB at a management port",
          send(port, ApiRequest.get("/metrics").with("X-Filler: " + "x".repeat(10_000))),
          reply ->
              reply.is(431)
                  || reply.is(400)
                  || reply instanceof HttpReply.Ended(Ending.Closed end));
      for (String path : List.of("/healthz", "/readyz", "/metrics")) {
        tally.permits(
            path + " at a management port",
            send(port, ApiRequest.get(path)),
            reply -> reply.is(200));
      }
    }
  }

  private static HttpReply send(HostPort port, ApiRequest request) {
    return HttpReply.of(
        StrangerSocket.exchange(
            StrangerSocket.STRANGER, port, request.with("Host: localhost").bytes(), ANSWER));
  }

  /**
   * Sends debuggers' hellos to every port on which a program listens, declared or not. There is no
   * comparison with a program whose debugger would answer.
   */
  static void debuggers(Target target, Tally tally) throws InterruptedException {
    List<Listens> members = new ArrayList<>(brokers(target.mesh()));
    members.addAll(edges(target.mesh()));
    List<String> addresses = new ArrayList<>();
    for (Listens member : members) {
      addresses.addAll(onceWarm(member));
    }
    for (String hello :
        List.of("JDWP-Handshake", "JRMI\u0000\u0002K", "\u00ac\u00ed\u0000\u0005")) {
      Together.each(
          addresses,
          tally,
          address ->
              tally.refuses(
                  "'" + hello.replaceAll("[^ -~]", "?") + "' at " + address,
                  // A line end, for protocols that answer only after one.
                  StrangerSocket.exchange(HostPort.parse(address), hello + "\r\n\r\n", ANSWER),
                  ManagementAttacks::isNotUnderstood));
    }
    for (Listens member : members) {
      tally.permits(member.member().name() + " runs on", member.member().isAlive(), alive -> alive);
    }
  }

  /** Closed without a byte, except a TLS alert or HTTP's own answer to an invalid request. */
  private static boolean isNotUnderstood(Ending ending) {
    return ending instanceof Ending.Closed(var said, var after)
        && (Ending.isNothing(said) || said.matches("(?s)HTTP/1\\.[01] 400 .*"));
  }

  static void modes(Target target, Tally tally) {
    Path directory = target.mesh().options().directory();
    tally.refuses("the mesh's directory", mode(directory), mode -> mode.endsWith("------"));
    for (String name : SECRETS) {
      try (Stream<Path> files = Files.walk(directory.resolve(name))) {
        files.forEach(
            file ->
                tally.refuses(
                    "the mode of " + directory.relativize(file),
                    mode(file),
                    mode -> mode.endsWith("------")));
      } catch (IOException e) {
        tally.broken("cannot inspect the files of " + name + ": " + e);
      }
    }
    tally.permits(
        "their owner reads them",
        Files.isReadable(directory.resolve("access").resolve("access-keys.yaml")),
        readable -> readable);
  }

  private static String mode(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
