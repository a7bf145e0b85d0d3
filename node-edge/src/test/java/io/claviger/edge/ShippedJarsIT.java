package io.claviger.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jars of the image. It runs on every node, so it must be small and have few dependencies. */
final class ShippedJarsIT {

  private static final List<String> UNWANTED =
      List.of(
          "com/hazelcast/",
          "org/apache/kafka/",
          "software/amazon/awssdk/",
          "io/fabric8/",
          "io/claviger/broker/",
          "io/vertx/spi/cluster/hazelcast/",
          "io/vertx/kafka/",
          "org/junit/",
          "io/netty/pkitesting/");

  @Test
  void shipsNothingOfTheBrokersSideAndNoTestLibrary() throws IOException {
    Set<String> found = new HashSet<>();
    for (Path jar : jars()) {
      for (String unwanted : UNWANTED) {
        if (contains(jar, unwanted)) {
          found.add(jar.getFileName() + " has " + unwanted);
        }
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void shipsWhatItNeedsToListenBesideAnotherProcess() throws IOException {
    assertThat(jars())
        .extracting(jar -> jar.getFileName().toString())
        .anyMatch(name -> name.matches("netty-transport-native-epoll-.*linux-x86_64\\.jar"))
        .anyMatch(name -> name.matches("netty-transport-native-epoll-.*linux-aarch_64\\.jar"))
        .anyMatch(name -> name.startsWith("vertx-core-"));
  }

  @Test
  void namesEveryShippedJarInItsManifest() throws IOException {
    try (JarFile jar = new JarFile(target().resolve("node-edge.jar").toFile())) {
      String classPath = jar.getManifest().getMainAttributes().getValue("Class-Path");

      assertThat(classPath.split(" "))
          .containsExactlyInAnyOrderElementsOf(
              jars().stream().map(path -> "lib/" + path.getFileName()).toList());
    }
  }

  private static boolean contains(Path jar, String folder) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().anyMatch(entry -> entry.getName().startsWith(folder));
    }
  }

  /** The packaging of the module has copied them there. */
  private static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(target().resolve("lib"))) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      assertThat(jars).hasSizeGreaterThan(10);
      return jars;
    }
  }

  private static Path target() {
    return Path.of("target").toAbsolutePath();
  }
}
