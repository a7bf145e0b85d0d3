package io.claviger.broker.ingress.api;

import java.time.Duration;

/**
 * What watchers may take of this endpoint.
 *
 * @param watchers at once; more are throttled
 * @param heartbeat how often a watch is written to at least
 * @param check how often it is looked whether a watch may go on
 * @param unreadTimeout how long a client may leave what was written unread before it is cut off
 * @param life after which a watch ends; the client comes again with its last event's id
 */
public record WatchLimits(
    int watchers, Duration heartbeat, Duration check, Duration unreadTimeout, Duration life) {

  /** The usual limits. */
  public static WatchLimits usual() {
    return new WatchLimits(
        100,
        Duration.ofSeconds(15),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofHours(1));
  }
}
