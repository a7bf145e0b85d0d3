package io.claviger.config.cluster;

import java.util.List;
import java.util.Set;

/**
 * A member's class loader: loads for Hazelcast only what is Hazelcast's or Vert.x's own, and
 * everything for everybody else.
 *
 * <p>Hazelcast makes an object of any class that a peer names as {@code DataSerializable}, and
 * finds out only then whether it is one; and one with any fields where a peer names it as Compact.
 * Its filter is for Java serialization alone. And peers name classes in configurations that they
 * send: listeners, comparators, merge policies.
 */
final class PeerClassLoader extends ClassLoader {

  private static final String HAZELCAST = "com.hazelcast.";
  private static final List<String> READABLE =
      List.of(
          HAZELCAST,
          "io.vertx.spi.cluster.hazelcast.",
          // Looked for at the start, and not on the class path.
          "javax.cache.");

  private final Set<String> alsoReadable;

  /**
   * A loader for one member.
   *
   * @param alsoReadable names of classes that Hazelcast may load too: what the filter of Java
   *     serialization lets through
   */
  PeerClassLoader(ClassLoader parent, Set<String> alsoReadable) {
    super("claviger-peers", parent);
    this.alsoReadable = Set.copyOf(alsoReadable);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!readable(name) && forHazelcast()) {
      // Not a ClassNotFoundException: Hazelcast would go on to the next class loader.
      throw new SecurityException("a peer may not name class " + name);
    }
    return super.loadClass(name, resolve);
  }

  private boolean readable(String name) {
    return READABLE.stream().anyMatch(name::startsWith) || alsoReadable.contains(name);
  }

  /** Hazelcast's threads have this loader too: only who asks first counts. */
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

  /** This loader, and what the JDK does for whoever asks. */
  private static boolean asks(String className) {
    return !className.startsWith("java.")
        && !className.startsWith("jdk.")
        && !className.equals(PeerClassLoader.class.getName());
  }
}
