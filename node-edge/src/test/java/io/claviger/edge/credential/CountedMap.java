package io.claviger.edge.credential;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is looked at in a map: each call is one look, and one that leads to all entries is as
 * many as there are.
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

  /** How often something was looked at while a task ran. */
  long during(Runnable task) {
    long before = looks.get();
    task.run();
    return looks.get() - before;
  }
}
