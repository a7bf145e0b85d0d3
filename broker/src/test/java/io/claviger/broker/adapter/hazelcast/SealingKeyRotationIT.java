package io.claviger.broker.adapter.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two brokers receive a new sealing key at different times. */
class SealingKeyRotationIT {

  private static final SessionKey CART = Sealed.key("shop/cart");
  private static final SessionKey TILL = Sealed.key("shop/till");
  private static final SessionCredentials SESSION =
      Sealed.session("CART7", Sealed.NOW.plus(Duration.ofHours(1)));

  @TempDir private Path ofFirst;
  @TempDir private Path ofSecond;
  private final Members members = new Members();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private SealingKeys firstKeys;
  private SealingKeys secondKeys;
  private SealedSessionStore first;
  private SealedSessionStore second;
  private HazelcastInstance member;

  @BeforeEach
  void start() {
    firstKeys = Sealed.keys(ofFirst, "k1", "k1");
    secondKeys = Sealed.keys(ofSecond, "k1", "k1");
    member = members.start();
    first = Sealed.store(member, firstKeys, () -> Sealed.NOW, meters);
    second = Sealed.store(members.start(), secondKeys, () -> Sealed.NOW, meters);
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    members.close();
  }

  @Test
  void losesNoSessionWhenEveryoneReadsTheNewKeyBeforeAnyoneWritesWithIt() throws Exception {
    // Both can read it, and still write with the old one.
    add("k2", "k1", ofFirst, firstKeys);
    add("k2", "k1", ofSecond, secondKeys);
    assertShared(CART, first, second, "k1");

    // The first writes with it, the second does not yet.
    activate("k2", ofFirst, firstKeys);
    assertShared(TILL, first, second, "k2");
    assertShared(CART, second, first, "k1");

    // Both write with it; values sealed before are still readable.
    activate("k2", ofSecond, secondKeys);
    assertThat(first.find(CART)).contains(SESSION);
    assertShared(CART, second, first, "k2");

    // The old key is removed.
    Files.delete(ofFirst.resolve("k1.key"));
    firstKeys.reload();
    assertThat(first.find(CART)).contains(SESSION);
    assertThat(first.find(TILL)).contains(SESSION);
    assertThat(Sealed.unreadable(meters, "key")).isZero();
  }

  @Test
  void countsAndDoesNotServeWhatIsSealedWithAKeyThatIsNotHereYet() throws Exception {
    add("k2", "k2", ofFirst, firstKeys);
    write(first, CART);
    await().until(() -> second.find(CART).isEmpty() && Sealed.unreadable(meters, "key") > 0);

    add("k2", "k1", ofSecond, secondKeys);

    assertThat(second.find(CART)).contains(SESSION);
  }

  private void assertShared(
      SessionKey key, SealedSessionStore writer, SealedSessionStore reader, String keyId)
      throws Exception {
    Sealed.raw(member).remove(key.text());
    await().until(() -> writer.find(key).isEmpty() && reader.find(key).isEmpty());
    write(writer, key);
    await().untilAsserted(() -> assertThat(reader.find(key)).contains(SESSION));
    byte[] value = Sealed.bytes(member, key);
    assertThat(new String(value, 2, value[1], StandardCharsets.US_ASCII)).isEqualTo(keyId);
  }

  private static void write(SealedSessionStore store, SessionKey key) throws Exception {
    store.putAll(Map.of(key, SESSION)).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void add(String id, String active, Path directory, SealingKeys keys) {
    Sealed.keys(directory, active, id);
    keys.reload();
  }

  private static void activate(String id, Path directory, SealingKeys keys) throws Exception {
    Files.writeString(directory.resolve("active"), id);
    keys.reload();
  }
}
