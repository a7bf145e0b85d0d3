package io.claviger.broker.ingress.api;

import java.util.Locale;

/** Why a watch has ended. */
enum WatchEnd {
  /** The client has closed the connection. */
  CLIENT,
  /** The watch has reached its maximum lifetime. */
  LIFE,
  /** The client does not read. */
  SLOW,
  /** The history no longer has the changes since the watch's position. */
  HISTORY,
  /** The access key or all its grants were removed. */
  NOT_GRANTED,
  /** The broker is shutting down. */
  SHUTDOWN;

  /** The value of the meter's tag. */
  String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
