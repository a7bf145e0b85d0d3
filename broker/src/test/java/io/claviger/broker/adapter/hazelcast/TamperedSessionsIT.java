package io.claviger.broker.adapter.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.replicatedmap.ReplicatedMap;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A member without a sealing key changes the map of sessions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TamperedSessionsIT {

  /** The offset behind the version, the key id's length, and the key id {@code k1}. */
  private static final int EXPIRY_AT = 4;

  private static final SessionKey CART = Sealed.key("shop/cart");
  private static final SessionKey ADMIN = Sealed.key("kube-system/admin");
  private static final SessionCredentials SESSION =
      Sealed.session("CART7", Sealed.NOW.plus(Duration.ofHours(1)));

  private final Members members = new Members();
  private HazelcastInstance broker = members.start();
  private HazelcastInstance intruder = members.start();
  private SimpleMeterRegistry meters = new SimpleMeterRegistry();
  @TempDir private Path directory;

  @BeforeEach
  void clear() {
    meters = new SimpleMeterRegistry();
    Sealed.raw(broker).clear();
    await().until(() -> Sealed.raw(intruder).isEmpty());
  }

  @AfterAll
  void close() {
    members.close();
  }

  @Test
  void isNotOpenedUnderAnotherKey() throws Exception {
    try (SealedSessionStore store = storeWithCart()) {
      replace(ADMIN, sealed());

      assertThat(store.find(ADMIN)).isEmpty();
      assertThat(Sealed.unreadable(meters, "seal")).isEqualTo(1);
      assertThat(store.find(CART)).contains(SESSION);
    }
  }

  @Test
  void isNotOpenedWithALongerLife() throws Exception {
    try (SealedSessionStore store = storeWithCart()) {
      byte[] value = sealed();
      ByteBuffer.wrap(value).putLong(EXPIRY_AT, Sealed.NOW.plusSeconds(7200).toEpochMilli());
      replace(CART, value);

      assertThat(store.find(CART)).isEmpty();
      assertThat(Sealed.unreadable(meters, "seal")).isEqualTo(1);
    }
  }

  @Test
  void isNotOpenedTruncated() throws Exception {
    try (SealedSessionStore store = storeWithCart()) {
      byte[] value = sealed();
      for (int length = 0; length < value.length; length += 7) {
        replace(CART, Arrays.copyOf(value, length));
        assertThat(store.find(CART)).as("%d bytes", length).isEmpty();
      }

      assertThat(Sealed.unreadable(meters, "format")).isPositive();
      assertThat(Sealed.unreadable(meters, "seal")).isPositive();
    }
  }

  @Test
  void isNotOpenedWithAnUnknownKeyId() throws Exception {
    try (SealedSessionStore store = storeWithCart()) {
      byte[] value = sealed();
      value[EXPIRY_AT - 1] = '9';
      replace(CART, value);

      assertThat(store.find(CART)).isEmpty();
      assertThat(Sealed.unreadable(meters, "key")).isEqualTo(1);
    }
  }

  @Test
  void isNotTakenUnsealed() throws Exception {
    try (SealedSessionStore store = storeWithCart()) {
      replace(CART, "{\"accessKeyId\":\"ASIAINTRUDER\"}".getBytes(StandardCharsets.UTF_8));
      assertThat(store.find(CART)).isEmpty();
      assertThat(Sealed.unreadable(meters, "format")).isEqualTo(1);

      replace(CART, "a text");
      assertThat(store.find(CART)).isEmpty();
      assertThat(Sealed.unreadable(meters, "type")).isEqualTo(1);

      replace(CART, new HashMap<>(Map.of("a", "class that no broker reads")));
      assertThat(store.find(CART)).isEmpty();
      assertThat(Sealed.unreadable(meters, "type")).isEqualTo(2);
    }
  }

  @Test
  void isWrittenAnewOverWhatCannotBeRead() throws Exception {
    try (SealedSessionStore store = storeWithCart()) {
      replace(CART, new byte[] {9});
      assertThat(store.find(CART)).isEmpty();

      write(store);

      await().untilAsserted(() -> assertThat(store.find(CART)).contains(SESSION));
    }
  }

  @Test
  void doesNotKeepOthersFromBeingDroppedOrSwept() throws Exception {
    try (SealedSessionStore store = storeWithCart()) {
      ReplicatedMap<Object, Object> map = Sealed.raw(intruder);
      map.put(7, "a key that is no text");
      map.put("c1|a-1|1|x", "a value that is no bytes");
      await().until(() -> Sealed.raw(broker).size() == 3);

      store
          .dropOtherRevisions(CART.associationId(), OptionalLong.empty())
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
      for (HazelcastInstance member : new HazelcastInstance[] {broker, intruder}) {
        new Sweep(member, () -> Sealed.NOW, meters).run(Sealed.raw(member));
      }

      await().until(() -> Sealed.raw(broker).isEmpty());
    }
  }

  private SealedSessionStore storeWithCart() throws Exception {
    SealingKeys keys = Sealed.keys(directory, "k1", "k1");
    SealedSessionStore store = Sealed.store(broker, keys, () -> Sealed.NOW, meters);
    write(store);
    await().until(() -> Sealed.raw(intruder).containsKey(CART.text()));
    return store;
  }

  private static void write(SealedSessionStore store) throws Exception {
    store.putAll(Map.of(CART, SESSION)).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private byte[] sealed() {
    return Sealed.bytes(intruder, CART).clone();
  }

  /** Writes as the intruder, and waits until the broker has the value. */
  private void replace(SessionKey key, Object value) {
    ReplicatedMap<Object, Object> map = Sealed.raw(intruder);
    map.put(key.text(), value);
    map.put("after", key.text() + System.nanoTime());
    Object after = map.get("after");
    await().until(() -> after.equals(Sealed.raw(broker).get("after")));
    map.remove("after");
  }
}
