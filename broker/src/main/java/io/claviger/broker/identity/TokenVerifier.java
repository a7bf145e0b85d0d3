package io.claviger.broker.identity;

import io.claviger.config.trust.TokenVerdict;
import java.util.concurrent.CompletionStage;

/**
 * Verifies pod tokens of every registered cluster; the authority over what edges verify for
 * themselves.
 */
@FunctionalInterface
public interface TokenVerifier {

  /**
   * Verifies a pod's token for a caller.
   *
   * @param token as it came
   * @param caller the edge that asks: the token must be of its cluster and bound to its node
   * @return a verdict; {@link TokenVerdict.UnknownKey} only when the issuer's keys could not be
   *     fetched now. Never fails.
   */
  CompletionStage<TokenVerdict> verify(String token, Caller caller);

  /**
   * An edge, as its login proved it.
   *
   * @param cluster the registered name of its cluster
   * @param node the node it runs on
   */
  record Caller(String cluster, String node) {}
}
