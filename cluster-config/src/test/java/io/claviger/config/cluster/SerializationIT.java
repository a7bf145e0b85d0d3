package io.claviger.config.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.CompactSerializationConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.EntryListenerConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.ReplicatedMapConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.core.EntryEvent;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.nio.serialization.genericrecord.GenericRecord;
import com.hazelcast.spi.exception.TargetNotMemberException;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a member treats objects from a member that an intruder has configured. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SerializationIT {

  private static final AtomicInteger MADE = new AtomicInteger();
  private static final Set<String> MADE_BY = ConcurrentHashMap.newKeySet();

  private HazelcastInstance member;
  private HazelcastInstance intruder;

  @BeforeAll
  void start() throws Exception {
    int port = freePort();
    String seed = "127.0.0.1:" + port;
    member = Hazelcast.newHazelcastInstance(config(port, seed));
    Config open = config(freePort(), seed);
    open.setClassLoader(SerializationIT.class.getClassLoader());
    SerializationConfig unfiltered = open.getSerializationConfig();
    unfiltered.setJavaSerializationFilterConfig(new JavaSerializationFilterConfig());
    unfiltered.setCompactSerializationConfig(new CompactSerializationConfig());
    intruder = Hazelcast.newHazelcastInstance(open);
  }

  @AfterAll
  void stop() {
    intruder.getLifecycleService().terminate();
    member.getLifecycleService().terminate();
  }

  @BeforeEach
  void clear() {
    MADE.set(0);
  }

  @Test
  void refusesJavaSerializedObjectsAndRunsNothingOfThem() {
    assertRefused(new Gadget());
    assertRefused(new ExternalGadget());
    assertRefused(new HashMap<>(Map.of("a", new Gadget())));
    assertThat(MADE).hasValue(0);
  }

  @Test
  void makesNoObjectOfAClassThatAnIntruderNames() {
    NamedGadget named = new NamedGadget();
    CompactGadget compact = new CompactGadget("x");
    MADE.set(0);

    assertRefused(named);
    intruder.getMap("probe").set("k", compact);
    assertThat(member.getMap("probe").get("k")).isInstanceOf(GenericRecord.class);
    assertThat(MADE).hasValue(0);
  }

  @Test
  void makesNoObjectOfAClassThatAnIntrudersConfigurationNames() {
    intruder
        .getConfig()
        .addReplicatedMapConfig(
            new ReplicatedMapConfig("configured")
                .addEntryListenerConfig(
                    new EntryListenerConfig(ListenerGadget.class.getName(), false, true)));

    assertThatThrownBy(() -> member.getReplicatedMap("configured").put("k", "v"))
        .hasStackTraceContaining("a peer may not name class " + ListenerGadget.class.getName());
    assertThat(MADE_BY).noneMatch(thread -> thread.contains(member.getName()));
  }

  /**
   * With the client protocol any host could stop the member, read its maps and instantiate classes.
   */
  @Test
  void speaksNoClientProtocol() {
    ClientConfig client = new ClientConfig().setClusterName("serialization-it");
    client
        .getNetworkConfig()
        .addAddress("127.0.0.1:" + member.getCluster().getLocalMember().getAddress().getPort());
    client
        .getConnectionStrategyConfig()
        .getConnectionRetryConfig()
        .setClusterConnectTimeoutMillis(3_000);

    assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(client))
        .isInstanceOf(IllegalStateException.class);
    assertThat(member.getLifecycleService().isRunning()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CP2", "GET /hazelcast/health HTTP/1.1\r\n\r\n", "get k\r\n"})
  void closesWhoeverBeginsWithAnotherProtocolThanAMembers(String beginning) throws IOException {
    InetSocketAddress address = member.getCluster().getLocalMember().getSocketAddress();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      // Hazelcast closes a connection of a non-member after some seconds.
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));

      assertThat(answer(socket)).doesNotContain("200", "END", "CP");
    }
  }

  private static String answer(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException reset) {
      return "";
    }
  }

  @Test
  void readsBytesAndText() {
    intruder.getReplicatedMap("probe").put("k", "text");
    await().until(() -> "text".equals(member.getReplicatedMap("probe").get("k")));
    intruder.getMap("bytes").set("k", new byte[] {1});
    assertThat(member.getMap("bytes").get("k")).isEqualTo(new byte[] {1});
  }

  @Test
  void readsTheFailuresThatMembersReportToEachOther() {
    for (Exception failure :
        List.of(
            new TargetNotMemberException("gone"),
            new RuntimeException("amiss", new IllegalStateException("why")),
            new CompletionException(new TimeoutException("late")))) {
      failure.addSuppressed(new IOException("besides"));
      intruder.getMap("failures").set("k", failure);

      assertThat(member.getMap("failures").get("k"))
          .hasSameClassAs(failure)
          .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
          .hasMessage(failure.getMessage())
          .hasSuppressedException(new IOException("besides"));
    }
  }

  private void assertRefused(Object sent) {
    intruder.getMap("probe").set("k", sent);
    assertThatThrownBy(() -> member.getMap("probe").get("k"))
        .isInstanceOf(HazelcastSerializationException.class);
  }

  private static Config config(int port, String seed) {
    return new HazelcastConfiguration("serialization-it", "127.0.0.1", port, List.of(seed))
        .toConfig();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static final class Gadget implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) throws IOException {
      MADE.incrementAndGet();
    }
  }

  public static final class ExternalGadget implements Externalizable {
    @Override
    public void writeExternal(ObjectOutput out) {}

    @Override
    public void readExternal(ObjectInput in) {
      MADE.incrementAndGet();
    }
  }

  static final class NamedGadget implements DataSerializable {
    NamedGadget() {
      MADE.incrementAndGet();
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {}
  }

  public static final class ListenerGadget implements EntryAddedListener<String, String> {
    public ListenerGadget() {
      MADE_BY.add(Thread.currentThread().getName());
    }

    @Override
    public void entryAdded(EntryEvent<String, String> event) {}
  }

  record CompactGadget(String text) {
    CompactGadget {
      MADE.incrementAndGet();
    }
  }
}
