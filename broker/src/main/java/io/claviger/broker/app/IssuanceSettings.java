package io.claviger.broker.app;

import io.claviger.broker.adapter.sts.StsConnection;
import io.claviger.broker.issuance.IssuanceLimits;
import io.claviger.broker.issuance.Quotas;
import io.claviger.config.settings.SettingsException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;

/** Converts settings for the issuance package and for STS. */
final class IssuanceSettings {

  private IssuanceSettings() {}

  /** Returns the settings of calls to STS. */
  static StsConnection sts(BrokerSettings settings) {
    StsSettings sts = settings.sts();
    return new StsConnection(
        new StsConnection.Endpoint(sts.region(), sts.endpoint()),
        sts.failOver().map(other -> new StsConnection.Endpoint(other.region(), other.endpoint())),
        sts.attemptTimeout(),
        settings.issuance().deadline(),
        settings.issuance().concurrency() * (1 + sts.accounts().size()));
  }

  /** Returns the identities that call STS, by the account whose quota they use. */
  static Map<String, Supplier<AwsCredentialsProvider>> identities(BrokerSettings settings) {
    Map<String, Supplier<AwsCredentialsProvider>> identities = new HashMap<>();
    identities.put(Quotas.USUAL, () -> DefaultCredentialsProvider.builder().build());
    settings
        .sts()
        .accounts()
        .forEach(
            (account, identity) ->
                identities.put(
                    account, () -> ProfileCredentialsProvider.create(identity.profile())));
    return identities;
  }

  /**
   * Returns the quotas of STS calls.
   *
   * @param brokers the number of brokers; called often, answers at once
   */
  static Quotas quotas(BrokerSettings settings, IntSupplier brokers, MeterRegistry meters) {
    StsSettings sts = settings.sts();
    Map<String, Integer> perSecond = new HashMap<>();
    perSecond.put(Quotas.USUAL, positive(sts.quota(), "quota"));
    sts.accounts()
        .forEach(
            (account, identity) ->
                perSecond.put(
                    twelveDigits(account),
                    positive(identity.quota(), "accounts." + account + ".quota")));
    return new Quotas(
        perSecond, positive(sts.minBrokers(), "min-brokers"), brokers, System::nanoTime, meters);
  }

  private static int positive(int value, String key) {
    if (value < 1) {
      throw new SettingsException("claviger.broker.sts." + key + " is at least 1, not " + value);
    }
    return value;
  }

  private static String twelveDigits(String account) {
    if (!account.matches("\\d{12}")) {
      throw new SettingsException(
          "claviger.broker.sts.accounts: an account is 12 digits, not " + account);
    }
    return account;
  }

  /** Returns the limits of issuance. */
  static IssuanceLimits limits(BrokerSettings settings) {
    BrokerSettings.Issuance issuance = settings.issuance();
    return new IssuanceLimits(
        issuance.concurrency(),
        issuance.maxWaiting(),
        issuance.window(),
        issuance.refreshFraction(),
        issuance.minRemaining(),
        issuance.deadline(),
        issuance.ownerTimeout(),
        settings.sts().sessionDuration());
  }
}
