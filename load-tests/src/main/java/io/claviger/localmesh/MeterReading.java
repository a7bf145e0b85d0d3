package io.claviger.localmesh;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Reads meters of brokers and edges, as Prometheus does. */
public final class MeterReading {

  private static final int TRIES = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  private MeterReading() {}

  /**
   * A meter's value, summed over its series that begin with the text; 0 if there is none. Returns
   * NaN if the process has not answered three requests.
   */
  public static double of(URI metrics, String series) throws InterruptedException {
    double value = Double.NaN;
    for (int i = 0; i < TRIES && Double.isNaN(value); i++) {
      value = read(metrics, series);
    }
    return value;
  }

  /** The sum over several processes. */
  public static double of(List<URI> metrics, String series) throws InterruptedException {
    double sum = 0;
    for (URI one : metrics) {
      sum += of(one, series);
    }
    return sum;
  }

  private static double read(URI metrics, String series) throws InterruptedException {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(metrics).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(series))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  /** Waits for a wanted value; returns it, or the last value when the time is over. */
  public static double once(
      List<URI> metrics, String series, Predicate<Double> wanted, Duration within)
      throws InterruptedException {
    return Polling.within(within).until(() -> of(metrics, series), wanted);
  }
}
