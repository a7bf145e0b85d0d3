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

/** The size of reachable objects in another JVM's heap after a collection, measured with jcmd. */
final class LiveHeap {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The last line of a histogram: instances, then bytes. */
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private LiveHeap() {}

  /**
   * The size in MB of a million bytes.
   *
   * @param directory for jcmd's output until it is read
   * @throws MeshException when the process does not provide it
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
          throw new MeshException("jcmd " + pid + " runs for over " + TIMEOUT.toSeconds() + " s");
        }
      } finally {
        jcmd.destroyForcibly();
      }
      String text = Files.readString(said);
      Matcher total = TOTAL.matcher(text);
      if (!total.find()) {
        throw new MeshException(
            "jcmd " + pid + " prints no heap size: " + text.lines().findFirst().orElse(""));
      }
      return Long.parseLong(total.group(1)) / 1e6;
    } catch (IOException e) {
      throw new MeshException("cannot run jcmd: " + e.getMessage() + "; use a JDK", e);
    } finally {
      PrivateFiles.delete(said);
    }
  }
}
