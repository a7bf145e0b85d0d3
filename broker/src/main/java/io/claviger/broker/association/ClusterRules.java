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

  public ClusterRules {
    Check.text(cluster, "cluster");
    Check.text(account, "account");
    if (maxAssociations < 1) {
      throw new IllegalArgumentException("maxAssociations is at least 1");
    }
  }
}
