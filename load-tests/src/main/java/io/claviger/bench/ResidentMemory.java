package io.claviger.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Resident memory of processes. It is read from {@code /proc} (Linux). */
final class ResidentMemory {

  private ResidentMemory() {}

  /** In MB of a million bytes; 0 for a process that does not exist. */
  static double megabytes(long pid) {
    return megabytes(pid, "VmRSS:");
  }

  /** Without pages of files, such as jars and ahead-of-time caches. */
  static double ownMegabytes(long pid) {
    return megabytes(pid, "RssAnon:");
  }

  private static double megabytes(long pid, String field) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", "" + pid, "status"))) {
      return lines
              .filter(line -> line.startsWith(field))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
              .sum()
          / 1e6;
    } catch (IOException e) {
      return 0;
    }
  }
}
