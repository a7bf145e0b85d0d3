package io.claviger.edge.credential;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts accesses to a map. Each call is one access; a call that returns all entries counts as many
 * as there are.
 */
final class CountedMap {

  private final AtomicLong looks = new AtomicLong();

  <K, V> ConcurrentMap<K, V> seenThrough(ConcurrentMap<K, V> map) {
    @SuppressWarnings("unchecked")
    ConcurrentMap<K, V> counted =
        (ConcurrentMap<K, V>)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConcurrentMap.class},
                (proxy, method, arguments) -> {
                  Object result = call(map, method, arguments);
                  boolean whole =
                      result instanceof Collection || method.getName().equals("forEach");
                  looks.addAndGet(whole ? map.size() : 1);
                  return result;
                });
    return counted;
  }

  private static Object call(Map<?, ?> map, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(map, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  /** Returns the number of accesses while a task ran. */
  long during(Runnable task) {
    long before = looks.get();
    task.run();
    return looks.get() - before;
  }
}
