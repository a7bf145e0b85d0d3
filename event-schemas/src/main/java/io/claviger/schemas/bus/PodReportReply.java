package io.claviger.schemas.bus;

import io.claviger.schemas.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A broker's answer to a {@link PodReport}: all pods that are not named here are there.
 *
 * @param policy what becomes of those that are unknown
 * @param gone uids of those that are no objects of their cluster any more
 * @param unknown uids of those of which the broker cannot say: to be reported again
 * @param notAsked uids of those among the unknown about which the broker has not asked their
 *     cluster, because it is asked about too many: the policy, which is for a cluster that is away,
 *     says nothing of them; absent from brokers that do not tell
 */
public record PodReportReply(
    PodPolicy policy, List<String> gone, List<String> unknown, @Nullable List<String> notAsked) {

  /** Every reported pod is there. */
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
