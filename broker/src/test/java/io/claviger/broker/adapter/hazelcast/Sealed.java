package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.replicatedmap.ReplicatedMap;
import io.claviger.broker.telemetry.Meters;
import io.claviger.config.cluster.HazelcastConfiguration;
import io.claviger.config.cluster.Sealer;
import io.claviger.config.cluster.SealingKeys;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.bus.SessionKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.awaitility.Awaitility;

/** Fixtures of tests of the sealed map. */
final class Sealed {

  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final Duration NEVER = Duration.ofDays(1);

  private Sealed() {}

  /** Creates a directory of keys, each with other bytes. */
  static SealingKeys keys(Path directory, String active, String... ids) {
    try {
      for (String id : ids) {
        byte[] key = Arrays.copyOf(id.getBytes(StandardCharsets.UTF_8), 32);
        Files.writeString(directory.resolve(id + ".key"), Base64.getEncoder().encodeToString(key));
      }
      Files.writeString(directory.resolve("active"), active);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SealingKeys.open(directory);
  }

  static Sealer sealer(SealingKeys keys) {
    return new Sealer(HazelcastConfiguration.SESSIONS, keys, new SecureRandom());
  }

  /** Returns a store that has its map and is swept only by hand. */
  static SealedSessionStore store(
      HazelcastInstance member, SealingKeys keys, InstantSource clock, SimpleMeterRegistry meters) {
    SealedSessionStore store = new SealedSessionStore(member, sealer(keys), clock, NEVER, meters);
    Awaitility.await().until(store::isReady);
    return store;
  }

  /** Returns the map as a member without a key sees it. */
  static ReplicatedMap<Object, Object> raw(HazelcastInstance member) {
    return member.getReplicatedMap(HazelcastConfiguration.SESSIONS);
  }

  /** Returns a raw value of the map. */
  static byte[] bytes(HazelcastInstance member, SessionKey key) {
    return (byte[]) Objects.requireNonNull(raw(member).get(key.text()));
  }

  static SessionKey key(String subject) {
    return key("a-12345678901234567", 1, subject);
  }

  static SessionKey key(String associationId, long revision, String subject) {
    return new SessionKey("c1", associationId, revision, subject);
  }

  static SessionCredentials session(String id, Instant end) {
    return new SessionCredentials(
        "ASIA" + id,
        "the-secret-access-key-of-" + id,
        "the-session-token-of-" + id,
        "111122223333",
        "arn:aws:sts::111122223333:assumed-role/role-of-" + id + "/shop.cart",
        "AROA" + id + ":shop.cart",
        end.minus(Duration.ofHours(1)),
        end);
  }

  static double unreadable(SimpleMeterRegistry meters, String cause) {
    Counter counter = meters.find(Meters.STORE_UNREADABLE).tag(Meters.CAUSE, cause).counter();
    return counter == null ? 0 : counter.count();
  }
}
