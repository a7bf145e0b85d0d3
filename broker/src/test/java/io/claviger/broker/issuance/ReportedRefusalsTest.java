package io.claviger.broker.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.association.Position;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.RequestPriority;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReportedRefusalsTest {

  private static final WorkloadIdentity POD =
      new WorkloadIdentity("c1", "app1", "web", "web-0", "uid-0", "node-1");

  private final List<String> reported = new ArrayList<>();

  private IssueOutcome issue(IssueOutcome outcome) {
    return new ReportedRefusals(
            (workload, priority, minPosition, wait) -> CompletableFuture.completedFuture(outcome),
            (pod, reason, message) -> reported.add(pod.podName() + " " + reason + " " + message))
        .issue(POD, RequestPriority.FIRST, Position.NONE)
        .toCompletableFuture()
        .join();
  }

  @Test
  void tellThePodWhyItIsRefused() {
    IssueOutcome refused =
        new IssueOutcome.Refused(RefusalReason.NO_ASSOCIATION, "create one", Position.NONE);

    assertThat(issue(refused)).isSameAs(refused);
    assertThat(reported).containsExactly("web-0 NO_ASSOCIATION create one");
  }

  @Test
  void tellNothingOfWhatMayPass() {
    issue(new IssueOutcome.Unavailable("later", Duration.ZERO));

    assertThat(reported).isEmpty();
  }
}
