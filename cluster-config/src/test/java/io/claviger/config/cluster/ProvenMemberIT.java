package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.server.ServerConnectionManager;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which peers can join a mesh. These tests must pass after an upgrade of Hazelcast. */
final class ProvenMemberIT {

  private static final String MESH = "proven-member-it";
  private static final String HOST = "127.0.0.1";

  @TempDir private Path directory;
  private final List<HazelcastInstance> started = new ArrayList<>();
  private HazelcastInstance member;
  private int port;

  @BeforeEach
  void start() throws Exception {
    port = freePort();
    member = keep(ProvenMember.start(config(HOST, port), proof(keys("a", 1))));
  }

  @AfterEach
  void end() {
    started.reversed().forEach(one -> one.getLifecycleService().terminate());
  }

  private HazelcastInstance keep(HazelcastInstance one) {
    started.add(one);
    return one;
  }

  private Config config(String host, int at) {
    return new HazelcastConfiguration(MESH, host, at, List.of(HOST + ":" + port)).toConfig();
  }

  private static MemberProof proof(SealingKeys keys) {
    return new MemberProof(MESH, keys, new SecureRandom());
  }

  /** Keys with the same id and different bytes. */
  private SealingKeys keys(String name, int content) throws IOException {
    Path keys = Files.createDirectory(directory.resolve(name));
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) content);
    Files.writeString(keys.resolve("k1.key"), Base64.getEncoder().encodeToString(key));
    Files.writeString(keys.resolve("active"), "k1");
    return SealingKeys.open(keys);
  }

  private int size() {
    return member.getCluster().getMembers().size();
  }

  @Test
  void letsAMemberInThatHasAKeyOfTheMesh() throws Exception {
    keep(ProvenMember.start(config(HOST, freePort()), proof(keys("b", 1))));

    assertThat(size()).isEqualTo(2);
  }

  @Test
  void keepsOutAMemberWhoseKeyIsAnother() throws Exception {
    HazelcastInstance stranger =
        keep(ProvenMember.start(config(HOST, freePort()), proof(keys("b", 2))));

    assertThat(stranger.getCluster().getMembers()).hasSize(1);
    assertThat(size()).isEqualTo(1);
  }

  @Test
  @Tag("ci")
  void keepsOutAMemberThatShowsNothing() throws Exception {
    HazelcastInstance stranger = keep(Hazelcast.newHazelcastInstance(config(HOST, freePort())));

    assertThat(stranger.getCluster().getMembers()).hasSize(1);
    assertThat(size()).isEqualTo(1);
  }

  @Test
  @Tag("ci")
  void joinsNobodyThatShowsNothing() throws Exception {
    int strangersPort = freePort();
    keep(
        Hazelcast.newHazelcastInstance(
            new HazelcastConfiguration(
                    MESH, HOST, strangersPort, List.of(HOST + ":" + strangersPort))
                .toConfig()));

    HazelcastInstance joining =
        keep(
            ProvenMember.start(
                new HazelcastConfiguration(
                        MESH, HOST, freePort(), List.of(HOST + ":" + strangersPort))
                    .toConfig(),
                proof(keys("b", 1))));

    assertThat(joining.getCluster().getMembers()).hasSize(1);
  }

  /** Without roles in the proof, a proof sent back to its sender would be valid. */
  @Test
  void takesNothingBackThatItHasSaidItself() throws Exception {
    try (Socket socket = new Socket(HOST, port)) {
      socket.setSoTimeout(10_000);
      byte[] hello = hello();
      socket.getOutputStream().write(hello);
      byte[] answer = socket.getInputStream().readNBytes(64);
      assertThat(answer).hasSize(64);

      socket.getOutputStream().write(answer, 32, 32);

      assertThat(rest(socket)).isEmpty();
    }
  }

  private static byte[] hello() {
    byte[] hello = new byte[8 + 1 + 2 + 32];
    System.arraycopy("CLAVMBR1".getBytes(StandardCharsets.US_ASCII), 0, hello, 0, 8);
    hello[8] = 2;
    hello[9] = 'k';
    hello[10] = '1';
    return hello;
  }

  private static byte[] rest(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (SocketException reset) {
      return new byte[0];
    }
  }

  @Test
  void letsAMemberInWhileAStrangerHoldsAllConnectionsThatItCanGet() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress("127.0.0.9", 0));
      socket.connect(new InetSocketAddress(HOST, port));
      strangers.add(socket);
    }

    keep(ProvenMember.start(config(HOST, freePort()), proof(keys("b", 1))));

    assertThat(size()).isEqualTo(2);
    for (Socket stranger : strangers) {
      stranger.setSoTimeout(10_000);
      assertThat(rest(stranger)).isEmpty();
      stranger.close();
    }
  }

  /** If an exception rejected a connection, Hazelcast would keep each one. */
  @Test
  void keepsNothingOfTheConnectionsThatItHasRefused() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket(HOST, port)) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(new byte[100]);
        assertThat(rest(socket)).isEmpty();
      }
    }

    await().untilAsserted(() -> assertThat(accepted()).isEmpty());
    await().untilAsserted(() -> assertThat(connections()).isZero());
  }

  private Collection<?> accepted() throws ReflectiveOperationException {
    Field field = manager().getClass().getSuperclass().getDeclaredField("acceptedChannels");
    field.setAccessible(true);
    return (Collection<?>) field.get(manager());
  }

  private int connections() {
    return manager().getConnections().size();
  }

  private ServerConnectionManager manager() {
    return ((HazelcastInstanceProxy) member)
        .getOriginal()
        .node
        .getServer()
        .getConnectionManager(EndpointQualifier.MEMBER);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
