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
 * The clock of a member, which can be stepped while it runs, by libfaketime. What measures time
 * that passes goes on as it is, as it does when a system's clock is stepped.
 */
final class SteppedClock {

  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String LIBRARY = "faketime/libfaketime.so.1";

  private final Path file;

  private SteppedClock(Path file) {
    this.file = file;
  }

  /** A clock that is right; the file is what it is stepped by. */
  static SteppedClock at(Path file) {
    SteppedClock clock = new SteppedClock(file);
    clock.step(Duration.ZERO);
    return clock;
  }

  /** Where the library is: beside other libraries, or in a folder for this kind of machine. */
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

  /** What a member is started with. */
  Map<String, String> environment() {
    Path library = library().orElseThrow(() -> new MeshException("libfaketime is not installed"));
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        // In seconds: how often it reads the file.
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        // Java waits by the monotonic clock. With this on, looking at the time takes ten times as
        // long.
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /** From now on, a second at most later, it is off by so much. */
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
