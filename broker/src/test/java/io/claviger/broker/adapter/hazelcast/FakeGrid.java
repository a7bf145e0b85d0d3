package io.claviger.broker.adapter.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Fakes of Hazelcast's interfaces; a test supplies the few methods that it needs. */
final class FakeGrid {

  private final Map<String, Function<Object[], Object>> methods = new HashMap<>();

  static FakeGrid answering(String method, Function<Object[], Object> answer) {
    return new FakeGrid().also(method, answer);
  }

  FakeGrid also(String method, Function<Object[], Object> answer) {
    methods.put(method, answer);
    return this;
  }

  HazelcastInstance instance() {
    return as(HazelcastInstance.class);
  }

  <T> T as(Class<T> type) {
    InvocationHandler handler =
        (proxy, method, arguments) -> answer(method, arguments == null ? new Object[0] : arguments);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private Object answer(Method method, Object[] arguments) {
    Function<Object[], Object> answer = methods.get(method.getName());
    if (answer == null) {
      throw new UnsupportedOperationException(method.toString());
    }
    return answer.apply(arguments);
  }
}
