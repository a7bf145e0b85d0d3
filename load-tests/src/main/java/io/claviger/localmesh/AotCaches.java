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
 * Ahead-of-time caches (JEP 483, 514 and 515) beside the programs' jars. They have loaded and
 * linked classes, and profiles of hot methods. With a cache a program starts in less than half of
 * the time. Only JDK 25 and newer read the caches, and a cache older than its jar is not used.
 */
public enum AotCaches {
  /** Uses the caches that exist. */
  READ {
    @Override
    List<String> options(Path jar) {
      return areSupported() && isFresh(jar) ? List.of("-XX:AOTCache=" + of(jar)) : List.of();
    }
  },

  /** Records a new cache until the program ends, which then takes some seconds longer. */
  WRITTEN {
    @Override
    List<String> options(Path jar) {
      return List.of("-XX:AOTCacheOutput=" + unfinished(jar), "-Xlog:aot=error,cds=error");
    }
  };

  private static final int SINCE = 25;

  /** Suffix of the file in which the JVM collects a cache's content before it writes the cache. */
  private static final String CONFIGURATION = ".config";

  /** JVM options for a program. */
  abstract List<String> options(Path jar);

  /** Whether this JDK supports the caches. */
  public static boolean areSupported() {
    return Runtime.version().feature() >= SINCE;
  }

  /** Whether each program has a cache of its present jar. */
  public static boolean areFresh(ProjectLayout layout) {
    return jars(layout).allMatch(AotCaches::isFresh);
  }

  /**
   * Moves the new caches to their places.
   *
   * @throws MeshException when a program has not written a cache
   */
  public static void publish(ProjectLayout layout) {
    jars(layout)
        .forEach(
            jar -> {
              try {
                Files.move(unfinished(jar), of(jar), REPLACE_EXISTING, ATOMIC_MOVE);
              } catch (NoSuchFileException e) {
                throw new MeshException("the program ended without writing its cache: " + jar, e);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** Deletes the files of a failed training, some hundred MB. */
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

  /** A name of its own, so that no program reads a partial cache. */
  private static Path unfinished(Path jar) {
    return Path.of(of(jar) + ".unfinished");
  }

  private static Path of(Path jar) {
    return jar.resolveSibling(jar.getFileName().toString().replace(".jar", ".aot"));
  }
}
