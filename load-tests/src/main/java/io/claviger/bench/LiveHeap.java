package io.claviger.bench;

import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is reachable in the heap of another JVM, after a collection. A JDK's jcmd asks it. */
final class LiveHeap {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The last line of a histogram: instances, then bytes. */
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private LiveHeap() {}

  /**
   * In MB of a million bytes.
   *
   * @param directory for what jcmd says, until it is read
   * @throws MeshException when the process does not say it
   */
  static double megabytes(long pid, Path directory) throws InterruptedException {
    Path said = directory.resolve("heap-" + pid + ".histogram");
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  "" + pid,
                  "GC.class_histogram")
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      try {
        if (!jcmd.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
          throw new MeshException("jcmd " + pid + " goes on after " + TIMEOUT.toSeconds() + " s");
        }
      } finally {
        jcmd.destroyForcibly();
      }
      String text = Files.readString(said);
      Matcher total = TOTAL.matcher(text);
      if (!total.find()) {
        throw new MeshException(
            "jcmd " + pid + " says nothing of the heap: " + text.lines().findFirst().orElse(""));
      }
      return Long.parseLong(total.group(1)) / 1e6;
    } catch (IOException e) {
      throw new MeshException("jcmd cannot be run, is this a JDK? " + e.getMessage(), e);
    } finally {
      PrivateFiles.delete(said);
    }
  }
}
