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
 * How scenarios are run.
 *
 * @param options of the meshes that are started, before a scenario's own
 * @param quick for seconds, to see that it works; speed is not measured
 * @param rounds how often each is measured; medians are reported
 * @param progress told what happens, a line each
 */
public record LoadContext(
    MeshOptions options, boolean quick, int rounds, Consumer<String> progress) {

  /** Members warm up until 75 s after their start, and take cores for it. */
  private static final Duration SETTLE = Duration.ofSeconds(80);

  public LoadContext {
    if (rounds < 1) {
      throw new IllegalArgumentException("one round at least");
    }
  }

  LocalMesh start(UnaryOperator<MeshOptions> own) {
    return LocalMesh.start(own.apply(options.withPurpose(MeshPurpose.of(quick))), progress);
  }

  /** Waits until members that became ready at that time do not warm up any more. */
  void settle(long readyNanos) throws InterruptedException {
    if (!quick) {
      progress.accept("the mesh warms up, " + SETTLE.toSeconds() + " s");
      TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos() - (System.nanoTime() - readyNanos));
    }
  }

  /** Why something could not be measured; progress has the trace where nobody foresaw it. */
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
