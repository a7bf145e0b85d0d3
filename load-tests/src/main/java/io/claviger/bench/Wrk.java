package io.claviger.bench;

import io.claviger.localmesh.MeshException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The load generator {@code wrk}, a package of most distributions.
 *
 * @param program where it is
 */
public record Wrk(Path program) {

  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");

  /**
   * One run.
   *
   * @param requestsPerSecond answered
   * @param p99Millis of the answers
   * @param failures lines of complaint: other statuses than 2xx, broken sockets; empty if none
   */
  public record Run(double requestsPerSecond, double p99Millis, List<String> failures) {
    public Run {
      failures = List.copyOf(failures);
    }
  }

  /** The one that is installed. */
  public static Optional<Wrk> find() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, "wrk"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Wrk::new);
  }

  /**
   * Loads an address from one thread.
   *
   * @param authorization sent as it is
   */
  public Run run(URI target, String authorization, int connections, Duration duration)
      throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(
                  program.toString(),
                  "--threads=1",
                  "--connections=" + connections,
                  "--duration=" + duration.toSeconds() + "s",
                  "--latency",
                  "--header=Authorization: " + authorization,
                  target.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new MeshException("wrk failed:\n" + said);
      }
      return read(said);
    } catch (IOException e) {
      throw new MeshException("wrk cannot be run: " + e.getMessage(), e);
    }
  }

  static Run read(String said) {
    return new Run(
        Double.parseDouble(found(RATE, said).group(1)),
        millis(found(P99, said)),
        said.lines()
            .map(String::strip)
            .filter(line -> line.startsWith("Non-2xx") || line.startsWith("Socket errors"))
            .toList());
  }

  private static Matcher found(Pattern pattern, String said) {
    Matcher matcher = pattern.matcher(said);
    if (!matcher.find()) {
      throw new MeshException("wrk has said something else than it does:\n" + said);
    }
    return matcher;
  }

  private static double millis(Matcher latency) {
    double value = Double.parseDouble(latency.group(1));
    return switch (latency.group(2)) {
      case "us" -> value / 1_000;
      case "s" -> value * 1_000;
      default -> value;
    };
  }
}
