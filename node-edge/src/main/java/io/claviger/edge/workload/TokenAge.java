package io.claviger.edge.workload;

import io.claviger.config.trust.ServiceAccountTokenVerifier;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Whether a pod has just been started, by the issue time of its token: the kubelet requests the
 * first token at the start. The next token, most of a day later, makes the pod look new again.
 *
 * @param young how long after its token was issued a pod counts as new; zero: never
 * @param clock of this node; an error of the clock makes the time longer or shorter
 */
public record TokenAge(Duration young, InstantSource clock) {

  /** Whether the pod is new; the token must have been verified by this edge or a broker. */
  public boolean isYoung(String token) {
    return ServiceAccountTokenVerifier.claimedIssueTime(token)
        .filter(issued -> clock.instant().isBefore(issued.plus(young)))
        .isPresent();
  }
}
