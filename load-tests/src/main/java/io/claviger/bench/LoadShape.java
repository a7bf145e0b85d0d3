package io.claviger.bench;

import java.time.Duration;
import java.util.List;

/**
 * How requests follow each other.
 *
 * @param rate requests a second, each at its time whatever became of those before; 0: flat out, the
 *     next one on a connection when the one before is answered
 * @param kept connections that are used again and again; 0: a new one for each request
 * @param count of requests, where a rate is given
 * @param millis how long, flat out
 */
public record LoadShape(int rate, int kept, long count, long millis) {

  public LoadShape {
    if (rate < 0 || kept < 0 || count < 0 || millis < 0 || (rate == 0 && kept == 0)) {
      throw new IllegalArgumentException("a rate, or connections that are kept");
    }
  }

  /** At a rate, each request on a connection of its own. */
  public static LoadShape onNewConnections(int rate, long count) {
    return new LoadShape(rate, 0, count, 0);
  }

  /** At a rate, on so many connections in turn, or more while all of them wait. */
  public static LoadShape onKeptConnections(int rate, int kept, long count) {
    return new LoadShape(rate, kept, count, 0);
  }

  /** As fast as answers come. */
  public static LoadShape flatOut(int connections, Duration duration) {
    return new LoadShape(0, connections, 0, duration.toMillis());
  }

  boolean isFlatOut() {
    return rate == 0;
  }

  /** From the first request to the last, not to its answer. */
  Duration length() {
    return isFlatOut() ? Duration.ofMillis(millis) : Duration.ofSeconds(count / rate + 1);
  }

  String written() {
    return rate + " " + kept + " " + count + " " + millis;
  }

  static LoadShape parse(List<String> words) {
    return new LoadShape(
        Integer.parseInt(words.get(0)),
        Integer.parseInt(words.get(1)),
        Long.parseLong(words.get(2)),
        Long.parseLong(words.get(3)));
  }
}
