package io.claviger.broker.association;

import io.claviger.schemas.Check;

/**
 * The rules for the associations of one registered cluster.
 *
 * @param cluster the registered name
 * @param account the 12 digits of the account of its roles
 * @param rolesOfOtherAccounts whether roles, not only target roles, may be in other accounts
 * @param maxAssociations the maximum number of associations
 */
public record ClusterRules(
    String cluster, String account, boolean rolesOfOtherAccounts, int maxAssociations) {

  /** The divisor of the reserve: a tenth is for grants over all namespaces. */
  private static final int RESERVE = 10;

  /** The divisor of the share of one principal without such a grant. */
  private static final int SHARE = 2;

  public ClusterRules {
    Check.text(cluster, "cluster");
    Check.text(account, "account");
    if (maxAssociations < 1) {
      throw new IllegalArgumentException("maxAssociations is at least 1");
    }
  }

  /** Returns how many associations one principal without a grant over all namespaces may own. */
  int share() {
    return Math.max(1, maxAssociations / SHARE);
  }

  /** Returns the total number of associations up to which such a principal may add one. */
  int unreserved() {
    return maxAssociations - maxAssociations / RESERVE;
  }
}
