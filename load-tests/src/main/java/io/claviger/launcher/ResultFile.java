package io.claviger.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is written again and again, each time whole. */
final class ResultFile {

  private ResultFile() {}

  /** Whether it could be written now. */
  static boolean isWritable(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    return Files.exists(file)
        ? Files.isWritable(file) && !Files.isDirectory(file)
        : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
  }

  /**
   * Writes it: who reads it, and who ends this process, finds the old text or the new one. What is
   * no plain file, such as a link or a pipe, is written to as it is.
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
