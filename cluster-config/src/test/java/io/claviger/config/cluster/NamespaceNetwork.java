package io.claviger.config.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Machines on one network, each a network namespace with an IPv4 and an IPv6 address, and a hub
 * with the DNS server. Needs root; without it the test is skipped.
 */
final class NamespaceNetwork implements AutoCloseable {

  private static final String DNS = "10.77.0.254";

  private final String prefix = "claviger-" + ProcessHandle.current().pid() + "-";
  private final String hub = prefix + "hub";
  private final List<String> made = new ArrayList<>();
  private final Path resolver;

  private NamespaceNetwork(Path directory) throws IOException {
    resolver =
        Files.writeString(
            directory.resolve("resolv.conf"), "nameserver " + DNS + "\noptions timeout:1\n");
  }

  /**
   * Makes the network.
   *
   * @param machines how many
   * @param directory for its own files
   */
  static NamespaceNetwork make(int machines, Path directory) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "not run: namespaces need root");
    for (String program : List.of("ip", "nsenter", "unshare")) {
      assumeTrue(run(List.of(program, "-V")), "not run: there is no " + program);
    }
    NamespaceNetwork network = new NamespaceNetwork(directory);
    assumeTrue(network.add(network.hub), "not run: no network namespace can be made here");
    try {
      network.connect(machines);
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** Returns a machine's IPv4 address; the first machine is 1. */
  static String ipv4(int machine) {
    return "10.77.0." + machine;
  }

  /** Returns a machine's IPv6 address. */
  static String ipv6(int machine) {
    return "fd77:0:0:0:0:0:0:" + machine;
  }

  /** Returns the command as run on a machine whose resolver is the DNS server. */
  List<String> on(int machine, List<String> command) {
    return in(
        prefix + machine,
        Stream.concat(
                Stream.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
                    resolver.toString()),
                command.stream())
            .toList());
  }

  /** Returns the command as run at the DNS server's address. */
  List<String> dns(List<String> command) {
    return in(hub, Stream.concat(command.stream(), Stream.of(DNS)).toList());
  }

  /** Disconnects a machine in both directions. */
  void cut(int machine) {
    must(in(hub, List.of("ip", "link", "set", "m" + machine, "down")));
  }

  /** Reconnects it. */
  void heal(int machine) {
    must(in(hub, List.of("ip", "link", "set", "m" + machine, "up")));
  }

  private void connect(int machines) {
    must(in(hub, List.of("ip", "link", "add", "br0", "type", "bridge")));
    must(in(hub, List.of("ip", "addr", "add", DNS + "/24", "dev", "br0")));
    must(in(hub, List.of("ip", "link", "set", "br0", "up")));
    IntStream.rangeClosed(1, machines).forEach(this::connectOne);
  }

  private void connectOne(int machine) {
    String name = prefix + machine;
    String port = "m" + machine;
    if (!add(name)) {
      throw new IllegalStateException("cannot make " + name);
    }
    must(
        List.of(
            "ip", "link", "add", port, "netns", hub, "type", "veth", "peer", "name", "eth0",
            "netns", name));
    must(in(hub, List.of("ip", "link", "set", port, "master", "br0", "up")));
    must(in(name, List.of("ip", "addr", "add", ipv4(machine) + "/24", "dev", "eth0")));
    must(in(name, List.of("ip", "addr", "add", ipv6(machine) + "/64", "dev", "eth0", "nodad")));
    must(in(name, List.of("ip", "link", "set", "lo", "up")));
    must(in(name, List.of("ip", "link", "set", "eth0", "up")));
  }

  private boolean add(String name) {
    boolean added = run(List.of("ip", "netns", "add", name));
    if (added) {
      made.add(name);
    }
    return added;
  }

  /** Uses nsenter because {@code ip netns exec} mounts /sys anew. */
  private static List<String> in(String name, List<String> command) {
    return Stream.concat(Stream.of("nsenter", "--net=/run/netns/" + name), command.stream())
        .toList();
  }

  private static void must(List<String> command) {
    if (!run(command)) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }

  private static boolean run(List<String> command) {
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
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @Override
  public void close() {
    made.forEach(name -> run(List.of("ip", "netns", "del", name)));
  }
}
