package io.claviger.bench.micro;

import io.claviger.localmesh.MeshException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks of this package: nanoseconds and allocated bytes of one operation, on one
 * thread.
 *
 * @param pattern a regular expression for the names of the benchmarks
 * @param quick whether each runs once, in this JVM, as a smoke test without valid figures
 * @param json for all of JMH's figures; may be absent
 */
public record MicroBenchmarks(String pattern, boolean quick, @Nullable Path json) {

  private static final int ITERATIONS = 5;
  private static final TimeValue ITERATION = TimeValue.seconds(1);

  /** Replaces the launcher's own options, which compile for a quick start. */
  private static final List<String> JVM_OPTIONS =
      List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  /** Since Java 23: JMH measures the layout of objects with deprecated methods. */
  private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

  private static final int UNSAFE_WARNS_SINCE = 23;

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /**
   * The figures of one benchmark.
   *
   * @param name {@code class.method}
   * @param nanos of one operation
   * @param error half of the 99.9 % confidence interval, nanoseconds; not a number after one run
   * @param bytes that one operation allocates
   */
  public record Figures(String name, double nanos, double error, double bytes) {

    private static Figures of(RunResult result) {
      String name = result.getParams().getBenchmark();
      Result<?> time = result.getPrimaryResult();
      Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
      return new Figures(
          name.substring(MicroBenchmarks.class.getPackageName().length() + 1),
          time.getScore(),
          time.getScoreError(),
          allocated == null ? Double.NaN : allocated.getScore());
    }

    /** A line of the table. */
    public String line() {
      return String.format(Locale.ROOT, "%-36s %12.0f ± %-9.0f %10.0f", name, nanos, error, bytes);
    }
  }

  /** The heading of the table. */
  public static String heading() {
    return String.format("%-36s %12s   %-9s %10s", "benchmark", "ns/op", "", "B/op");
  }

  /**
   * Runs them, each in a JVM of its own for 11 seconds; a quick run stays in this JVM.
   *
   * @throws MeshException when the pattern matches no benchmark, or one failed
   */
  public List<Figures> run() {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(included())
            .timeUnit(TimeUnit.NANOSECONDS)
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (quick) {
      // Run even if another JMH process runs on this machine.
      System.setProperty("jmh.ignoreLock", "true");
      options.mode(Mode.SingleShotTime).forks(0).warmupIterations(0).measurementIterations(1);
    } else {
      options
          .mode(Mode.AverageTime)
          .forks(1)
          .jvmArgs(jvmOptions())
          .warmupIterations(ITERATIONS)
          .warmupTime(ITERATION)
          .measurementIterations(ITERATIONS)
          .measurementTime(ITERATION);
    }
    if (json != null) {
      options.resultFormat(ResultFormatType.JSON).result(json.toString());
    }
    try {
      Collection<RunResult> results = new Runner(options.build()).run();
      return results.stream().map(Figures::of).toList();
    } catch (NoBenchmarksException e) {
      throw new MeshException("no benchmark's name matches '" + pattern + "'");
    } catch (RunnerException e) {
      throw new MeshException("a benchmark failed: " + e.getMessage(), e);
    }
  }

  private static String[] jvmOptions() {
    List<String> options = new ArrayList<>(JVM_OPTIONS);
    if (Runtime.version().feature() >= UNSAFE_WARNS_SINCE) {
      options.add(UNSAFE);
    }
    return options.toArray(new String[0]);
  }

  private String included() {
    try {
      var unused = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new MeshException("not a regular expression: " + pattern);
    }
    return Pattern.quote(MicroBenchmarks.class.getPackageName()) + ".*(" + pattern + ")";
  }
}
