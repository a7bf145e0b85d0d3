package io.claviger.broker.ingress.api;

import java.util.Locale;

/** Why a watch is over. */
enum WatchEnd {
  /** The client has gone. */
  CLIENT,
  /** It has lived long enough. */
  LIFE,
  /** The client does not read. */
  SLOW,
  /** What has changed meanwhile is not known any more. */
  HISTORY,
  /** The key is gone, or all its grants. */
  NOT_GRANTED,
  /** This broker ends. */
  SHUTDOWN;

  /** As a meter's tag. */
  String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
