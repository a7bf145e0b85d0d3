package io.claviger.broker.app;

import io.claviger.broker.adapter.sts.StsConnection;
import io.claviger.broker.issuance.IssuanceLimits;

/** The settings of issuance and STS, as those rooms want them. */
final class IssuanceSettings {

  private IssuanceSettings() {}

  /** How STS is called. */
  static StsConnection sts(BrokerSettings settings) {
    return new StsConnection(
        settings.sts().endpoint(),
        settings.sts().region(),
        settings.sts().attemptTimeout(),
        settings.issuance().deadline(),
        settings.issuance().concurrency());
  }

  /** What issuance keeps within. */
  static IssuanceLimits limits(BrokerSettings settings) {
    BrokerSettings.Issuance issuance = settings.issuance();
    return new IssuanceLimits(
        issuance.concurrency(),
        issuance.maxWaiting(),
        issuance.window(),
        issuance.refreshFraction(),
        issuance.floor(),
        issuance.deadline(),
        issuance.ownerPatience(),
        settings.sts().sessionDuration());
  }
}
