package io.claviger.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;

/** Counts and times of fetches, as clients measured them. Thread-safe. */
public final class LoadReport {

  private static final int MAX_FAILURES = 100;

  private final Histogram micros = new Histogram(3);
  private final Set<String> accessKeyIds = new TreeSet<>();
  private final List<Fetch.Failed> failures = new ArrayList<>();
  private long failed;

  synchronized void add(Fetch fetch) {
    micros.recordValue(Math.max(0, fetch.took().toNanos() / 1_000));
    switch (fetch) {
      case Fetch.Got got -> accessKeyIds.add(got.accessKeyId());
      case Fetch.Failed failure -> {
        failed++;
        if (failures.size() < MAX_FAILURES) {
          failures.add(failure);
        }
      }
    }
  }

  /** All fetches that have ended. */
  public synchronized long fetches() {
    return micros.getTotalCount();
  }

  /** Fetches on which the SDK gave up. */
  public synchronized long failed() {
    return failed;
  }

  /** The first failures. */
  public synchronized List<Fetch.Failed> failures() {
    return List.copyOf(failures);
  }

  /** The sessions that were served. */
  public synchronized Set<String> accessKeyIds() {
    return Set.copyOf(accessKeyIds);
  }

  /** The time that this percentage of the fetches did not exceed. */
  public synchronized Duration percentile(double percent) {
    return Duration.ofNanos(micros.getValueAtPercentile(percent) * 1_000);
  }

  @Override
  public synchronized String toString() {
    return fetches()
        + " fetches, "
        + failed
        + " failed, p50 "
        + percentile(50).toMillis()
        + " ms, p99 "
        + percentile(99).toMillis()
        + " ms, longest "
        + percentile(100).toMillis()
        + " ms";
  }
}
