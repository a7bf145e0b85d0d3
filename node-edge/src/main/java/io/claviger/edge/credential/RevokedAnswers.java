package io.claviger.edge.credential;

import io.claviger.edge.revocation.PodRevocations;

/** What this node caches and remembers, when other pods are revoked than before. Thread-safe. */
public final class RevokedAnswers {

  private final NodeMemory memory;

  public RevokedAnswers(NodeMemory memory) {
    this.memory = memory;
  }

  /** Forgets what is only for revoked pods, and refusals of those that are not any more. */
  public void apply(PodRevocations podRevocations) {
    memory.sessions().forgetRevoked(podRevocations);
    memory.refreshTokens().forgetRevoked(podRevocations);
    memory.refusals().forgetRevokedPods();
  }
}
