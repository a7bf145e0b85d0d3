package io.claviger.edge.credential;

import io.claviger.edge.workload.WorkloadTokens;

/** Drops this node's state of a deleted pod. Thread-safe. */
public final class DeletedPods {

  private final WorkloadTokens tokens;
  private final NodeMemory memory;
  private final ServedPods served;

  public DeletedPods(WorkloadTokens tokens, NodeMemory memory, ServedPods served) {
    this.tokens = tokens;
    this.memory = memory;
    this.served = served;
  }

  /**
   * Drops the pod: its tokens are no longer accepted, its own session is dropped, and a shared
   * session is refreshed for the other pods only.
   */
  public void deleted(String podUid) {
    // First, so that nothing of the pod is cached anew afterwards.
    tokens.deleted(podUid);
    memory.refreshTokens().forgetIf(token -> token.workload().podUid().equals(podUid));
    memory.sessions().forgetPod(podUid);
    served.forget(podUid);
  }
}
