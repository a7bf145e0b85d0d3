package io.claviger.broker.association;

import io.claviger.schemas.Check;

/**
 * What holds for the associations of one registered cluster.
 *
 * @param cluster the registered name
 * @param account the 12 digits of the account that its roles are in
 * @param rolesOfOtherAccounts whether roles, not only target roles, may be in other accounts
 * @param maxAssociations how many there may be
 */
public record ClusterRules(
    String cluster, String account, boolean rolesOfOtherAccounts, int maxAssociations) {

  /** A tenth of the places is for grants over all namespaces, whatever all others do. */
  private static final int RESERVE = 10;

  /** Of one principal without such a grant. */
  private static final int SHARE = 2;

  public ClusterRules {
    Check.text(cluster, "cluster");
    Check.text(account, "account");
    if (maxAssociations < 1) {
      throw new IllegalArgumentException("maxAssociations is at least 1");
    }
  }

  /** How many one principal without a grant over all namespaces may stand for. */
  int share() {
    return Math.max(1, maxAssociations / SHARE);
  }

  /** Up to how many a principal without a grant over all namespaces may add. */
  int unreserved() {
    return maxAssociations - maxAssociations / RESERVE;
  }
}
