package io.claviger.localmesh;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ahead-of-time caches (JEP 483, 514 and 515) beside the programs' jars: classes loaded and linked,
 * and what was seen to run often. A program that has one is ready in less than half of the time.
 * Only JDK 25 and newer read them; one that is older than its jar is not used.
 */
public enum AotCaches {
  /** Used where they are. */
  READ {
    @Override
    List<String> options(Path jar) {
      return areSupported() && isFresh(jar) ? List.of("-XX:AOTCache=" + of(jar)) : List.of();
    }
  },

  /** Made anew of what a program does until it ends, which takes some seconds longer then. */
  WRITTEN {
    @Override
    List<String> options(Path jar) {
      return List.of("-XX:AOTCacheOutput=" + unfinished(jar), "-Xlog:aot=error,cds=error");
    }
  };

  private static final int SINCE = 25;

  /** What the JVM collects before it writes a cache has the cache's name with this. */
  private static final String CONFIGURATION = ".config";

  /** Java's options for a program. */
  abstract List<String> options(Path jar);

  /** Whether this JDK has such caches. */
  public static boolean areSupported() {
    return Runtime.version().feature() >= SINCE;
  }

  /** Whether each program has a cache of its present jar. */
  public static boolean areFresh(ProjectLayout layout) {
    return jars(layout).allMatch(AotCaches::isFresh);
  }

  /**
   * Puts the caches that were written in their places.
   *
   * @throws MeshException when a program has written none
   */
  public static void publish(ProjectLayout layout) {
    jars(layout)
        .forEach(
            jar -> {
              try {
                Files.move(unfinished(jar), of(jar), REPLACE_EXISTING, ATOMIC_MOVE);
              } catch (NoSuchFileException e) {
                throw new MeshException("the program has ended and written no cache: " + jar, e);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** Deletes what a training that failed has left, some hundred MB. */
  public static void discardUnfinished(ProjectLayout layout) {
    jars(layout)
        .map(AotCaches::unfinished)
        .flatMap(cache -> Stream.of(cache, Path.of(cache + CONFIGURATION)))
        .forEach(
            file -> {
              try {
                Files.deleteIfExists(file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private static Stream<Path> jars(ProjectLayout layout) {
    return Stream.of("load-tests", "broker", "node-edge").map(layout::jar);
  }

  private static boolean isFresh(Path jar) {
    Path cache = of(jar);
    try {
      return Files.isRegularFile(cache)
          && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Half of a cache must not be taken for one. */
  private static Path unfinished(Path jar) {
    return Path.of(of(jar) + ".unfinished");
  }

  private static Path of(Path jar) {
    return jar.resolveSibling(jar.getFileName().toString().replace(".jar", ".aot"));
  }
}
