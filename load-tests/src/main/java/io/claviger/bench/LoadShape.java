package io.claviger.bench;

import java.time.Duration;
import java.util.List;

/**
 * The timing of requests.
 *
 * @param rate requests a second, each due at a fixed time independently of earlier ones; 0: flat
 *     out, where a connection sends the next one after an answer
 * @param kept number of connections that are reused; 0: a new one for each request
 * @param count number of requests, with a rate
 * @param millis duration, flat out
 */
public record LoadShape(int rate, int kept, long count, long millis) {

  public LoadShape {
    if (rate < 0 || kept < 0 || count < 0 || millis < 0 || (rate == 0 && kept == 0)) {
      throw new IllegalArgumentException("set a rate or kept connections");
    }
  }

  /** With a rate, each request on a new connection. */
  public static LoadShape onNewConnections(int rate, long count) {
    return new LoadShape(rate, 0, count, 0);
  }

  /** With a rate, on these connections in turn; opens more while all of them wait. */
  public static LoadShape onKeptConnections(int rate, int kept, long count) {
    return new LoadShape(rate, kept, count, 0);
  }

  /** As fast as the server answers. */
  public static LoadShape flatOut(int connections, Duration duration) {
    return new LoadShape(0, connections, 0, duration.toMillis());
  }

  boolean isFlatOut() {
    return rate == 0;
  }

  /** From the first request to the last, without the last answer. */
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
