package io.claviger.broker.adapter.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is visible without a key: in the map of any member, and between two members. */
class SealedSessionsOnTheWireIT {

  private static final SessionKey CART = Sealed.key("marker-of-the-key/cart");
  private static final SessionCredentials SESSION =
      Sealed.session("CART7", Sealed.NOW.plus(Duration.ofHours(1)));
  private static final List<String> HIDDEN =
      List.of(
          SESSION.accessKeyId(),
          SESSION.secretAccessKey(),
          SESSION.sessionToken(),
          SESSION.assumedRoleArn(),
          SESSION.assumedRoleId(),
          "secretAccessKey");

  @TempDir private Path directory;
  private final Members members = new Members();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TcpProxy toFirst = new TcpProxy(Members.freePort());
  private final TcpProxy toSecond = new TcpProxy(Members.freePort());

  @AfterEach
  void close() throws Exception {
    toFirst.release();
    toSecond.release();
    members.close();
    toFirst.close();
    toSecond.close();
  }

  @Test
  void showsNoSecretInTheMapOfAnyMember() throws Exception {
    // Given
    HazelcastInstance writer = members.start();
    HazelcastInstance reader = members.start();

    // When
    try (SealedSessionStore store = store(writer)) {
      write(store);
    }

    // Then
    for (HazelcastInstance member : List.of(writer, reader)) {
      await().until(() -> Sealed.raw(member).containsKey(CART.text()));
      Sealed.raw(member)
          .forEach(
              (key, value) -> {
                assertThat(text(key.toString().getBytes(StandardCharsets.UTF_8)))
                    .doesNotContain(HIDDEN);
                assertThat(value).isInstanceOf(byte[].class);
                assertThat(text((byte[]) value)).doesNotContain(HIDDEN);
              });
    }
  }

  @Test
  void sendsKeysInTheClearAndSessionsSealed() throws Exception {
    // Given
    HazelcastInstance first = members.startBehind(toFirst);
    HazelcastInstance second = members.startBehind(toSecond);
    SealedSessionStore store = store(first);
    SealedSessionStore other = store(second);

    // When
    write(store);
    await().untilAsserted(() -> assertThat(other.find(CART)).contains(SESSION));

    // Then
    String between = text(toFirst.seen()) + text(toSecond.seen());
    assertThat(between).contains("marker-of-the-key/cart");
    assertThat(between).doesNotContain(HIDDEN);
    store.close();
    other.close();
  }

  @Test
  void keepsNobodyWaitingForAPeerThatHangs() throws Exception {
    // Given
    HazelcastInstance first = members.startBehind(toFirst);
    HazelcastInstance second = members.startBehind(toSecond);
    SealedSessionStore store = store(first);
    write(store);
    await().until(() -> Sealed.raw(second).containsKey(CART.text()));
    SessionKey another = keyOwnedBy(second);
    toFirst.hold();
    toSecond.hold();

    // When
    long before = System.nanoTime();
    CompletableFuture<Void> write = store.putAll(Map.of(another, SESSION)).toCompletableFuture();
    boolean found = store.find(CART).isPresent();
    boolean written = write.isDone();
    long after = System.nanoTime();

    // Then
    assertThat(found).isTrue();
    assertThat(written).isFalse();
    assertThat(Duration.ofNanos(after - before)).isLessThan(Duration.ofMillis(500));
    assertThat(write).succeedsWithin(Duration.ofSeconds(25));
    store.close();
  }

  /** A member writes its own entries without a request to others. */
  private static SessionKey keyOwnedBy(HazelcastInstance member) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> Sealed.key("shop/other-" + i))
        .filter(
            key ->
                member
                    .getCluster()
                    .getLocalMember()
                    .equals(member.getPartitionService().getPartition(key.text()).getOwner()))
        .findFirst()
        .orElseThrow();
  }

  private SealedSessionStore store(HazelcastInstance member) {
    SealingKeys keys = Sealed.keys(directory, "k1", "k1");
    return Sealed.store(member, keys, () -> Sealed.NOW, meters);
  }

  private static void write(SealedSessionStore store) throws Exception {
    store.putAll(Map.of(CART, SESSION)).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Decodes byte for byte, so that a text is found at any offset. */
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
