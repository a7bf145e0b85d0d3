package io.claviger.broker.app;

import io.claviger.broker.adapter.sts.StsConnection;
import io.claviger.broker.issuance.IssuanceLimits;

/** The settings as the rooms take them. */
final class RoomSettings {

  private RoomSettings() {}

  /** For issuance's adapter of STS. */
  static StsConnection sts(BrokerSettings settings) {
    return new StsConnection(
        settings.sts().endpoint(),
        settings.sts().region(),
        settings.sts().attemptTimeout(),
        settings.issuance().deadline(),
        settings.issuance().concurrency());
  }

  /** For issuance. */
  static IssuanceLimits issuance(BrokerSettings settings) {
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
