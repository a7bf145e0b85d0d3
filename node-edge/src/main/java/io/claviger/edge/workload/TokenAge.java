package io.claviger.edge.workload;

import io.claviger.config.trust.ServiceAccountTokenVerifier;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Whether a pod has only just been started: the kubelet has its first token issued then. Its next
 * token, the best part of a day later, makes it look new once more.
 *
 * @param young how long after its token was issued a pod is new; zero: none ever is
 * @param clock of this node; as far as it is wrong, the time is longer or shorter
 */
public record TokenAge(Duration young, InstantSource clock) {

  /** Whether the pod is new; of a token that this edge or a broker has verified. */
  public boolean isYoung(String token) {
    return ServiceAccountTokenVerifier.claimedIssueTime(token)
        .filter(issued -> clock.instant().isBefore(issued.plus(young)))
        .isPresent();
  }
}
