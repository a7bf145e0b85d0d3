package io.claviger.broker.cli.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Checks settings of the node that make credentials safer. */
final class NodeCheck {

  private static final Path MIGRATE = Path.of("/proc/sys/net/ipv4/tcp_migrate_req");
  private static final String IMDS = "169.254.169.254";
  private static final Duration GLANCE = Duration.ofMillis(300);
  private static final int HTTP = 80;

  private final TokenFileCheck.TextFile files;
  private final Connects connects;

  /** Reports whether a TCP connection succeeds within a time. */
  @FunctionalInterface
  interface Connects {
    boolean to(String host, int port, Duration within);
  }

  NodeCheck(TokenFileCheck.TextFile files, Connects connects) {
    this.files = files;
    this.connects = connects;
  }

  List<Finding> look() {
    return List.of(migration(), metadata());
  }

  private Finding migration() {
    try {
      return files.read(MIGRATE).strip().equals("0")
          ? Finding.warn(
              "tcp_migrate_req",
              "0: when a node-edge ends, connections that it has not accepted are reset",
              "run on each node: sysctl -w net.ipv4.tcp_migrate_req=1")
          : Finding.ok("tcp_migrate_req", "1");
    } catch (IOException e) {
      return Finding.skip("tcp_migrate_req", "the setting does not exist: it needs Linux 5.14");
    }
  }

  private Finding metadata() {
    return connects.to(IMDS, HTTP, GLANCE)
        ? Finding.warn(
            "instance metadata",
            IMDS + " can be reached from here: a pod can use the node's role",
            "block it by a NetworkPolicy, or set a hop limit of 1 (aws ec2"
                + " modify-instance-metadata-options --http-put-response-hop-limit 1)")
        : Finding.ok("instance metadata", IMDS + " cannot be reached from here");
  }
}
