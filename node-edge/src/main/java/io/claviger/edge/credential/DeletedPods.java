package io.claviger.edge.credential;

import io.claviger.edge.workload.WorkloadTokens;

/** What this node caches and remembers, when a pod of it is deleted. Thread-safe. */
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
   * Forgets the pod: its tokens are not believed any more, its own session is dropped, and one that
   * it shares is refreshed for others only.
   */
  public void deleted(String podUid) {
    // First: from then on nothing of it is remembered anew.
    tokens.deleted(podUid);
    memory.refreshTokens().forgetIf(token -> token.workload().podUid().equals(podUid));
    memory.sessions().forgetPod(podUid);
    served.forget(podUid);
  }
}
