package io.claviger.fault;

import io.claviger.localmesh.MeshException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process's clock, which libfaketime can step while the process runs. The monotonic clock
 * continues, as after a step of a system's clock.
 */
final class SteppedClock {

  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String LIBRARY = "faketime/libfaketime.so.1";

  private final Path file;

  private SteppedClock(Path file) {
    this.file = file;
  }

  /** A correct clock; the file sets later steps. */
  static SteppedClock at(Path file) {
    SteppedClock clock = new SteppedClock(file);
    clock.step(Duration.ZERO);
    return clock;
  }

  /** The library's path: beside other libraries, or in a directory for this architecture. */
  static Optional<Path> library() {
    try (Stream<Path> folders = Files.list(LIBRARIES)) {
      return Stream.concat(Stream.of(LIBRARIES), folders)
          .map(folder -> folder.resolve(LIBRARY))
          .filter(Files::isRegularFile)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The environment for the process. */
  Map<String, String> environment() {
    Path library = library().orElseThrow(() -> new MeshException("libfaketime is not installed"));
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        // The interval in seconds at which libfaketime reads the file.
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        // Java waits by the monotonic clock. With this fix enabled, reading the time takes ten
        // times as long.
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /** Sets the clock's offset, with effect after at most a second. */
  void step(Duration offset) {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, "%+d\n".formatted(offset.toSeconds()));
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new MeshException("cannot step the clock " + file, e);
    }
  }
}
