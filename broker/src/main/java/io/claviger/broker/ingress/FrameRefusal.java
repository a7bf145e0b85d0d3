package io.claviger.broker.ingress;

import java.util.Locale;

/** Why a frame was rejected; a tag of the counter. */
enum FrameRefusal {
  /** The stream is not a sequence of frames, or a frame is too long. */
  BROKEN,
  /** The first frame was not a login. */
  NOT_LOGGED_IN,
  /** A type that no edge sends. */
  UNKNOWN_TYPE,
  /** An address that edges may not use. */
  NOT_PERMITTED,
  /** A request without a usable reply address. */
  NO_REPLY_ADDRESS,
  /** The connection has too many unanswered requests. */
  TOO_MANY,
  /** The broker is stopping. */
  STOPPING,
  /** The token of the connection has expired. */
  EXPIRED;

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
