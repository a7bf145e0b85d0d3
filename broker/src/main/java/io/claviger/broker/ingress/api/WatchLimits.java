package io.claviger.broker.ingress.api;

import java.time.Duration;

/**
 * Limits of watches.
 *
 * @param watchers maximum of open watches; further ones are throttled
 * @param heartbeat maximum time between two writes to a watch
 * @param check interval between checks of a watch's access and timeouts
 * @param unreadTimeout how long the write queue may stay full before the connection is closed
 * @param life time after which a watch ends; the client resumes with its last event's id
 */
public record WatchLimits(
    int watchers, Duration heartbeat, Duration check, Duration unreadTimeout, Duration life) {

  /** Returns the default limits. */
  public static WatchLimits usual() {
    return new WatchLimits(
        100,
        Duration.ofSeconds(15),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofHours(1));
  }
}
