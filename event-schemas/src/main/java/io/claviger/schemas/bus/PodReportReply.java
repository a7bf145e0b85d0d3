package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A broker's answer to a {@link PodReport}. All pods that it does not name exist.
 *
 * @param policy how to treat the unknown pods
 * @param gone uids of pods that no longer exist in their cluster
 * @param unknown uids of pods that the broker cannot confirm; the edge reports them again
 * @param notAsked uids of unknown pods about which the broker has not asked their cluster, because
 *     too many requests to it are under way. The policy does not apply to these, as it is for an
 *     unreachable cluster. Absent from brokers that do not report it.
 */
public record PodReportReply(
    PodPolicy policy, List<String> gone, List<String> unknown, @Nullable List<String> notAsked) {

  /** Every reported pod exists. */
  public static PodReportReply allThere(PodPolicy policy) {
    return new PodReportReply(policy, List.of(), List.of(), null);
  }

  public PodReportReply {
    Check.present(policy, "policy");
    gone = List.copyOf(Check.present(gone, "gone"));
    unknown = List.copyOf(Check.present(unknown, "unknown"));
    notAsked = notAsked == null || notAsked.isEmpty() ? null : List.copyOf(notAsked);
  }
}
