package io.claviger.scenario;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * System properties of which a thread may have some of its own. The AWS SDK for Java takes the
 * container credentials' address and token from system properties or the environment only, both of
 * which are the process's: with this, hundreds of pods live in one process, each on the SDK's
 * unmodified provider.
 */
final class ThreadProperties extends Properties {
  private static final long serialVersionUID = 1L;

  private static final ThreadLocal<Map<String, String>> OWN = ThreadLocal.withInitial(Map::of);

  private ThreadProperties(Properties shared) {
    putAll(shared);
  }

  /** Puts itself in the place of this process's system properties, once. */
  static synchronized void install() {
    if (!(System.getProperties() instanceof ThreadProperties)) {
      System.setProperties(new ThreadProperties(System.getProperties()));
    }
  }

  /** Calls with properties that only this thread sees. */
  static <T> T with(Map<String, String> own, Callable<T> call) throws Exception {
    OWN.set(own);
    try {
      return call.call();
    } finally {
      OWN.remove();
    }
  }

  @Override
  public @Nullable String getProperty(String key) {
    String own = OWN.get().get(key);
    return own != null ? own : super.getProperty(key);
  }

  @Override
  public synchronized boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public synchronized int hashCode() {
    return System.identityHashCode(this);
  }
}
