package io.claviger.config.cluster;

import java.util.List;
import java.util.Set;

/**
 * A member's class loader. For Hazelcast it loads only classes of Hazelcast and Vert.x; for all
 * other callers it loads every class.
 *
 * <p>Hazelcast instantiates any class that a peer names as {@code DataSerializable}, and only then
 * checks its type. It also fills any fields of a class that a peer names as Compact. Its own filter
 * covers Java serialization only. Peers also name classes in configurations that they send:
 * listeners, comparators, merge policies.
 */
final class PeerClassLoader extends ClassLoader {

  private static final String HAZELCAST = "com.hazelcast.";
  private static final List<String> READABLE =
      List.of(
          HAZELCAST,
          "io.vertx.spi.cluster.hazelcast.",
          // Hazelcast probes for it at start-up; it is not on the class path.
          "javax.cache.");

  private final Set<String> alsoReadable;

  /**
   * Creates a loader for one member.
   *
   * @param alsoReadable names of further classes that Hazelcast may load: those that the filter of
   *     Java serialization permits
   */
  PeerClassLoader(ClassLoader parent, Set<String> alsoReadable) {
    super("claviger-peers", parent);
    this.alsoReadable = Set.copyOf(alsoReadable);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!readable(name) && forHazelcast()) {
      // Not a ClassNotFoundException, after which Hazelcast would try the next class loader.
      throw new SecurityException("a peer may not name class " + name);
    }
    return super.loadClass(name, resolve);
  }

  private boolean readable(String name) {
    return READABLE.stream().anyMatch(name::startsWith) || alsoReadable.contains(name);
  }

  /** Only the first caller counts, because Hazelcast's threads also have this loader. */
  private static boolean forHazelcast() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .map(StackWalker.StackFrame::getClassName)
                    .filter(PeerClassLoader::asks)
                    .findFirst()
                    .filter(name -> name.startsWith(HAZELCAST))
                    .isPresent());
  }

  /** Whether the class is a caller: neither this loader nor part of the JDK. */
  private static boolean asks(String className) {
    return !className.startsWith("java.")
        && !className.startsWith("jdk.")
        && !className.equals(PeerClassLoader.class.getName());
  }
}
