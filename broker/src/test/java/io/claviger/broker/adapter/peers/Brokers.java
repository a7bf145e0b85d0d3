package io.claviger.broker.adapter.peers;

import io.claviger.broker.ingress.Certificates;
import io.claviger.config.cluster.ClusteredVertx;
import io.claviger.config.cluster.HazelcastConfiguration;
import io.claviger.config.cluster.SealingKeys;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Event buses of one mesh in this process, with mutual TLS. */
final class Brokers implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  final Certificates certificates;
  private final SealingKeys keys;
  private final String mesh = "mesh-" + UUID.randomUUID();
  private final List<String> known = new ArrayList<>();
  private final List<ClusteredVertx> joined = new ArrayList<>();

  Brokers(Path directory) throws Exception {
    certificates = new Certificates(directory);
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    Path files = Files.createDirectory(directory.resolve("sealing-keys"));
    Files.writeString(files.resolve("k1.key"), Base64.getEncoder().encodeToString(key));
    Files.writeString(files.resolve("active"), "k1");
    keys = SealingKeys.open(files);
  }

  /** Adds a broker whose bus listens on the port. */
  ClusteredVertx join(String name, int busPort) throws Exception {
    certificates.issue(name);
    int port = freePort();
    known.add(HOST + ":" + port);
    ClusteredVertx broker =
        await(
            ClusteredVertx.join(
                new VertxOptions(),
                new ClusteredVertx.Bus(
                    HOST,
                    busPort,
                    certificates.certificate(name),
                    certificates.key(name),
                    certificates.authorityFile()),
                new HazelcastConfiguration(mesh, HOST, port, known),
                keys));
    joined.add(broker);
    return broker;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    for (ClusteredVertx broker : joined.reversed()) {
      await(broker.vertx().close());
    }
  }
}
