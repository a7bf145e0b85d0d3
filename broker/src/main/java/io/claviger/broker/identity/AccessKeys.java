package io.claviger.broker.identity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All access keys that are registered at one moment. Immutable. */
public final class AccessKeys {

  /** No keys, so no API call is accepted. */
  public static final AccessKeys NONE = new AccessKeys(List.of());

  private final Map<String, AccessKey> byId;

  /**
   * Keys.
   *
   * @throws IllegalArgumentException if two of them, counted from 0, have the same id
   */
  public AccessKeys(List<AccessKey> keys) {
    Map<String, Integer> places = new HashMap<>();
    Map<String, AccessKey> registered = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      AccessKey key = keys.get(i);
      Integer other = places.put(key.accessKeyId(), i);
      if (other != null) {
        throw new IllegalArgumentException(
            "accessKeys[%d] and accessKeys[%d] have the same accessKeyId".formatted(other, i));
      }
      registered.put(key.accessKeyId(), key);
    }
    byId = Map.copyOf(registered);
  }

  /** Returns the key with an id. */
  public Optional<AccessKey> find(String accessKeyId) {
    return Optional.ofNullable(byId.get(accessKeyId));
  }
}
