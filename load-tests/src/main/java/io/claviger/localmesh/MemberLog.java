package io.claviger.localmesh;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A process's log file, read from the last start on. Thread-safe. */
final class MemberLog {

  private static final int MAX_READ_BYTES = 4 * 1024 * 1024;

  private final Path file;
  private volatile long mark;

  MemberLog(Path file) {
    this.file = file;
  }

  /** Marks the start: what the file has now belongs to earlier starts. */
  void mark() {
    try {
      mark = Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      mark = 0;
    }
  }

  /** The output since the mark; only its end if there is much. */
  String sinceMark() {
    if (!Files.exists(file)) {
      return "";
    }
    try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(mark, reader.length() - MAX_READ_BYTES);
      byte[] bytes = new byte[(int) Math.max(0, reader.length() - from)];
      reader.seek(from);
      reader.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(cannot read " + file + ": " + e.getMessage() + ")";
    }
  }

  /** The last lines since the mark. */
  String tail(int lines) {
    List<String> all = sinceMark().lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }
}
