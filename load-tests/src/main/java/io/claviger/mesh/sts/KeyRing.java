package io.claviger.mesh.sts;

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

  private final Map<String, AccessKey> registered = new ConcurrentHashMap<>();
  private final Cache<String, AccessKey> sessions =
      Caffeine.newBuilder().maximumSize(MAX_SESSIONS).build();

  void register(AccessKey key) {
    registered.put(key.accessKeyId(), key);
  }

  void deregister(String accessKeyId) {
    registered.remove(accessKeyId);
    sessions.invalidate(accessKeyId);
  }

  void issued(AccessKey session) {
    sessions.put(session.accessKeyId(), session);
  }

  Optional<AccessKey> find(String accessKeyId) {
    AccessKey key = registered.get(accessKeyId);
    return Optional.ofNullable(key != null ? key : sessions.getIfPresent(accessKeyId));
  }
}
