package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Ports of loopback that nobody listens on. They are below those that the system gives to outgoing
 * connections: a member that is restarted gets its port back although connections were made
 * meanwhile. Not thread-safe.
 */
public final class FreePorts {

  private static final int FIRST = 15_000;
  private static final int LAST = 32_000;
  private static final int TRIES = 1_000;

  private final RandomGenerator random;
  private final Set<Integer> given = new HashSet<>();

  public FreePorts(RandomGenerator random) {
    this.random = random;
  }

  /** A port that was free just now and was not given before. */
  public int next() {
    for (int i = 0; i < TRIES; i++) {
      int port = random.nextInt(FIRST, LAST);
      if (!given.contains(port) && free(port)) {
        given.add(port);
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " to " + LAST);
  }

  /** Loopback with such a port. */
  HostPort address() {
    return new HostPort("127.0.0.1", next());
  }

  static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
