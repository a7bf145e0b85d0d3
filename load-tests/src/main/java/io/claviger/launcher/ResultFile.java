package io.claviger.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is rewritten repeatedly, each time as a whole. */
final class ResultFile {

  private ResultFile() {}

  /** Whether the file can be written. */
  static boolean isWritable(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    return Files.exists(file)
        ? Files.isWritable(file) && !Files.isDirectory(file)
        : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
  }

  /**
   * Writes the file atomically: a reader finds the old text or the new one, also if this process
   * ends meanwhile. A link, a pipe or another special file is written in place.
   */
  static void write(Path file, String text) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.writeString(file, text);
      return;
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".fresh");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
