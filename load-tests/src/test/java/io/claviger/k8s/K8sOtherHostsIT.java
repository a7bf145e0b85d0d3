package io.claviger.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What blocks a host beside a node from the edge's addresses. Host and node are network namespaces.
 * The test needs root, and is skipped where it cannot create namespaces.
 */
final class K8sOtherHostsIT {

  private static final String V4 = "169.254.170.23";
  private static final String V6 = "fd00:ec2::23";
  private static final int PORT = 8080;
  private static final Path K8S = Path.of("../k8s");

  private final String prefix = "claviger-" + ProcessHandle.current().pid() + "-";
  private final String node = prefix + "node";
  private final String beside = prefix + "beside";
  @TempDir private Path directory = Path.of("");
  private final List<Process> servers = new ArrayList<>();

  @BeforeEach
  void connect() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "not run: namespaces need root");
    for (String program : List.of("ip", "nsenter", "bash", "timeout")) {
      assumeTrue(does(program, "--version") || does(program, "-V"), "not run: no " + program);
    }
    assumeTrue(does("ip", "netns", "add", node), "not run: no network namespace can be made here");
    must("ip", "netns", "add", beside);
    assumeTrue(
        does(
            ("ip link add eth0 netns " + node + " type veth peer name eth0 netns " + beside)
                .split(" ")),
        "not run: no veth here");
    assumeTrue(
        run(node, "for all in /proc/sys/net/ipv4/conf/*/arp_ignore; do echo 0 > $all; done"),
        "not run: /proc/sys may not be written");
    machine(node, 1);
    machine(beside, 2);
    on(node, "ip route add default via 10.88.0.2");
    Path link = Files.copy(K8S.resolve("images/link"), directory.resolve("link"));
    Path programs = Files.writeString(directory.resolve("busybox"), "#!/bin/sh\nexec \"$@\"\n");
    assertThat(programs.toFile().setExecutable(true)).isTrue();
    on(node, "sh " + link);
    serve();
  }

  private void machine(String name, int number) throws Exception {
    on(name, "ip addr add 10.88.0." + number + "/24 dev eth0");
    on(name, "ip addr add fd88::" + number + "/64 dev eth0 nodad");
    on(name, "ip link set lo up");
    on(name, "ip link set eth0 up");
  }

  private void serve() throws Exception {
    Path nothing = Files.createDirectory(directory.resolve("nothing"));
    String server = Path.of(System.getProperty("java.home"), "bin", "jwebserver").toString();
    servers.add(
        new ProcessBuilder(
                Stream.of(
                        "nsenter",
                        "--net=/run/netns/" + node,
                        server,
                        "-b",
                        "::",
                        "-p",
                        String.valueOf(PORT),
                        "-d",
                        nothing.toAbsolutePath().toString())
                    .toList())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("server.log").toFile())
            .start());
    await().until(() -> reaches(node, V4) && reaches(node, V6));
  }

  @AfterEach
  void end() throws Exception {
    servers.forEach(Process::destroyForcibly);
    does("ip", "netns", "del", node);
    does("ip", "netns", "del", beside);
  }

  /** The init container's script sets arp_ignore if it has the right, as here. */
  @Test
  void isNotAnsweredByArpWhereTheEdgeIs() throws Exception {
    on(beside, "ip route add " + V4 + "/32 dev eth0 scope link");
    assertThat(reaches(beside, V4)).isFalse();

    on(node, "echo 0 > /proc/sys/net/ipv4/conf/eth0/arp_ignore");
    await("what the script has changed").until(() -> reaches(beside, V4));
  }

  @Test
  void isKeptAwayByTheFirewallHoweverItsPacketsAreRouted() throws Exception {
    assumeTrue(run(node, "nft list tables"), "not run: no nft here");
    on(node, "echo 0 > /proc/sys/net/ipv4/conf/eth0/arp_ignore");
    on(beside, "ip route add " + V4 + "/32 via 10.88.0.1");
    on(beside, "ip -6 route add " + V6 + "/128 via fd88::1");
    assertThat(reaches(beside, V4)).isTrue();
    assertThat(reaches(beside, V6)).isTrue();

    on(node, "nft -f " + K8S.resolve("examples/node/from-other-hosts.nft").toAbsolutePath());

    assertThat(reaches(beside, V4)).isFalse();
    assertThat(reaches(beside, V6)).isFalse();
    on(beside, "ip route replace " + V4 + "/32 dev eth0 scope link");
    assertThat(reaches(beside, V4)).isFalse();
    assertThat(reaches(node, V4)).isTrue();
    assertThat(reaches(node, V6)).isTrue();
    assertThat(reaches(beside, "10.88.0.1")).as("nothing else is dropped").isTrue();
  }

  private static boolean reaches(String from, String address) throws Exception {
    return run(from, "timeout 2 bash -c 'exec 3<>/dev/tcp/" + address + "/" + PORT + "'");
  }

  private static void on(String name, String command) throws Exception {
    if (!run(name, command)) {
      throw new IllegalStateException("failed: " + command);
    }
  }

  private static boolean run(String name, String command) throws Exception {
    return does("nsenter", "--net=/run/netns/" + name, "sh", "-c", command);
  }

  private static void must(String... command) throws Exception {
    if (!does(command)) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }

  private static boolean does(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      boolean done = process.waitFor() == 0;
      if (!done) {
        System.out.println(String.join(" ", command) + ": " + said);
      }
      return done;
    } catch (IOException e) {
      return false;
    }
  }
}
