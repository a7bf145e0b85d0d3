package io.claviger.stsfake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys that are known: those registered, and those of the sessions issued, which stay known
 * after their end so that they are told to be expired. The oldest sessions are forgotten.
 * Thread-safe.
 */
final class KeyRing {

  private static final int MAX_SESSIONS = 200_000;

  private final Map<String, SigningKey> registered = new ConcurrentHashMap<>();
  private final Cache<String, SigningKey> sessions =
      Caffeine.newBuilder().maximumSize(MAX_SESSIONS).build();

  void register(SigningKey key) {
    registered.put(key.accessKeyId(), key);
  }

  void deregister(String accessKeyId) {
    registered.remove(accessKeyId);
    sessions.invalidate(accessKeyId);
  }

  void issued(SigningKey session) {
    sessions.put(session.accessKeyId(), session);
  }

  Optional<SigningKey> find(String accessKeyId) {
    SigningKey key = registered.get(accessKeyId);
    return Optional.ofNullable(key != null ? key : sessions.getIfPresent(accessKeyId));
  }
}
