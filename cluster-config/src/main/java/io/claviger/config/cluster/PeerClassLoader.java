package io.claviger.config.cluster;

import java.util.List;
import java.util.Set;

/**
 * A member's class loader: loads for a deserializer only what is Hazelcast's or Vert.x's own and
 * what is listed, and everything for everybody else.
 *
 * <p>Hazelcast makes an object of any class that a peer names as {@code DataSerializable}, and
 * finds out only then whether it is one; and one with any fields where a peer names it as Compact.
 * Its filter is for Java serialization alone.
 */
final class PeerClassLoader extends ClassLoader {

  private static final String DESERIALIZERS = "com.hazelcast.internal.serialization.";
  private static final List<String> PACKAGES =
      List.of("com.hazelcast.", "io.vertx.spi.cluster.hazelcast.");

  private final Set<String> classes;

  /**
   * A class loader.
   *
   * @param classes what a deserializer may load besides
   */
  PeerClassLoader(ClassLoader parent, Set<String> classes) {
    super("claviger-peers", parent);
    this.classes = Set.copyOf(classes);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!readable(name) && deserializing()) {
      // Not a ClassNotFoundException: Hazelcast would go on to the next class loader.
      throw new SecurityException("a peer may not name class " + name);
    }
    return super.loadClass(name, resolve);
  }

  private boolean readable(String name) {
    return classes.contains(name) || PACKAGES.stream().anyMatch(name::startsWith);
  }

  private static boolean deserializing() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getClassName().startsWith(DESERIALIZERS)));
  }
}
