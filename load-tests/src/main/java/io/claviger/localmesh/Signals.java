package io.claviger.localmesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Actions on processes that Java has no method for. */
final class Signals {

  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  private Signals() {}

  static boolean canFailWrites() {
    return Files.isExecutable(PRLIMIT);
  }

  /** Sends a signal to one process, with {@code kill}. */
  static void send(String signal, long pid) {
    run("kill", "-" + signal, Long.toString(pid));
  }

  /** Makes every write of a process to a file fail, with {@code prlimit} of util-linux. */
  static void failWrites(long pid) {
    // The soft limit, which the process itself may raise again.
    run(PRLIMIT.toString(), "--pid", Long.toString(pid), "--fsize=0:");
  }

  private static void run(String... command) {
    String what = String.join(" ", command);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new MeshException("failed: " + what);
      }
    } catch (IOException e) {
      throw new MeshException("cannot run: " + what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted while running: " + what, e);
    }
  }
}
