package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.util.List;

/**
 * Pods that an edge has reported are gone: the edge must no longer accept their tokens.
 *
 * @param version of the protocol
 * @param uids at most {@link #MAX_UIDS}
 */
public record PodsGone(int version, List<String> uids) {

  /** This many uids fit into a frame. */
  public static final int MAX_UIDS = 500;

  public PodsGone {
    uids = Check.list(uids, "uids", MAX_UIDS);
  }
}
