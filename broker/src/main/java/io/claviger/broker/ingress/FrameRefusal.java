package io.claviger.broker.ingress;

import java.util.Locale;

/** Why a frame was not taken; the tag of its counter. */
enum FrameRefusal {
  /** The stream is no sequence of frames, or a frame is too long. */
  BROKEN,
  /** Something else than a login came first. */
  NOT_LOGGED_IN,
  /** A type that no edge sends. */
  UNKNOWN_TYPE,
  /** An address that an edge has nothing to do with. */
  NOT_PERMITTED,
  /** A request that nobody could be answered. */
  NO_REPLY_ADDRESS,
  /** Too many requests of the connection are waiting. */
  TOO_MANY,
  /** The broker is stopping. */
  STOPPING,
  /** The token of the connection has expired. */
  EXPIRED;

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
