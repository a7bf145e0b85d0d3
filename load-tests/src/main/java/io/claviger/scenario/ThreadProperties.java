package io.claviger.scenario;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * System properties that a thread can override for itself. The AWS SDK for Java reads the container
 * credentials' address and token only from system properties or the environment, which belong to
 * the whole process. With this class hundreds of pods live in one process, each with the SDK's
 * unmodified provider.
 */
final class ThreadProperties extends Properties {
  private static final long serialVersionUID = 1L;

  private static final ThreadLocal<Map<String, String>> OWN = ThreadLocal.withInitial(Map::of);

  private ThreadProperties(Properties shared) {
    putAll(shared);
  }

  /** Replaces this process's system properties, once. */
  static synchronized void install() {
    if (!(System.getProperties() instanceof ThreadProperties)) {
      System.setProperties(new ThreadProperties(System.getProperties()));
    }
  }

  /** Runs a call with properties that only this thread has. */
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
