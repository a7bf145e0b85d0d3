package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.util.List;

/**
 * A broker's answer to a {@link PodReport}: all pods that are not named here are there.
 *
 * @param policy what becomes of those that are unknown
 * @param gone uids of those that are no objects of their cluster any more
 * @param unknown uids of those of which the broker cannot say: to be reported again
 */
public record PodReportReply(PodPolicy policy, List<String> gone, List<String> unknown) {

  public PodReportReply {
    Check.present(policy, "policy");
    gone = List.copyOf(Check.present(gone, "gone"));
    unknown = List.copyOf(Check.present(unknown, "unknown"));
  }
}
