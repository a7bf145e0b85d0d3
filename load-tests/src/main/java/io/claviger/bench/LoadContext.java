package io.claviger.bench;

import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshException;
import io.claviger.localmesh.MeshOptions;
import io.claviger.localmesh.MeshPurpose;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * How to run scenarios.
 *
 * @param options of the meshes; a scenario adds its own
 * @param quick whether each runs for seconds, as a smoke test without valid figures
 * @param rounds runs of each scenario; medians are reported
 * @param progress receives progress lines
 */
public record LoadContext(
    MeshOptions options, boolean quick, int rounds, Consumer<String> progress) {

  /** Processes warm up until 75 s after their start, and use processor time for it. */
  private static final Duration SETTLE = Duration.ofSeconds(80);

  public LoadContext {
    if (rounds < 1) {
      throw new IllegalArgumentException("at least one round is needed");
    }
  }

  LocalMesh start(UnaryOperator<MeshOptions> own) {
    return LocalMesh.start(own.apply(options.withPurpose(MeshPurpose.of(quick))), progress);
  }

  /** Waits until processes that became ready at that time have warmed up. */
  void settle(long readyNanos) throws InterruptedException {
    if (!quick) {
      progress.accept("the mesh warms up, " + SETTLE.toSeconds() + " s");
      TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos() - (System.nanoTime() - readyNanos));
    }
  }

  /**
   * The reason why a measurement failed. Prints the stack trace of an unexpected exception as
   * progress.
   */
  public String failure(RuntimeException e) {
    if (e instanceof MeshException) {
      return String.valueOf(e.getMessage());
    }
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    progress.accept(trace.toString().strip());
    return e.toString();
  }

  int choose(int ofQuick, int otherwise) {
    return quick ? ofQuick : otherwise;
  }

  int roundsOrOne() {
    return quick ? 1 : rounds;
  }
}
