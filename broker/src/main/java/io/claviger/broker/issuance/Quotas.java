package io.claviger.broker.issuance;

import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.Check;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Whose quota STS charges for a call: the account of the calling identity. An account for which the
 * broker has its own identity has its own quota; all others share the quota of {@link #USUAL}.
 */
public final class Quotas {

  /** The name of the shared identity and quota, for all accounts without their own. */
  public static final String USUAL = "";

  private static final int ARN_PARTS = 6;
  private static final int ARN_ACCOUNT = 4;

  private final Map<String, QuotaShare> shares = new HashMap<>();

  /**
   * The quotas.
   *
   * @param perSecond calls a second by account; includes {@link #USUAL}
   * @param minBrokers a quota is divided by at least this number, even if fewer brokers are visible
   * @param brokers how many brokers there may be, reachable or not; called often, returns at once
   * @param nanoTime a clock that is never set, as {@link System#nanoTime()}
   */
  public Quotas(
      Map<String, Integer> perSecond,
      int minBrokers,
      IntSupplier brokers,
      LongSupplier nanoTime,
      MeterRegistry meters) {
    Check.present(perSecond.get(USUAL), "the usual quota");
    perSecond.forEach(
        (account, quota) -> {
          QuotaShare share = new QuotaShare(quota, minBrokers, brokers, nanoTime);
          shares.put(account, share);
          meters.gauge(
              Meters.QUOTA_RATE, List.of(Meters.account(account)), share, QuotaShare::rate);
        });
  }

  /** The accounts with their own quota, and {@link #USUAL}. */
  public Collection<String> accounts() {
    return List.copyOf(shares.keySet());
  }

  /**
   * Which of the broker's identities assumes a role. STS charges the second hop to the first role's
   * account, so to the same quota.
   */
  public String callerFor(String roleArn) {
    String account = accountOf(roleArn);
    return shares.containsKey(account) ? account : USUAL;
  }

  /**
   * Charges a call beyond the one that a session's turn covers, such as a first hop or a second
   * try. The call itself does not wait; later calls do.
   */
  public void charge(String account) {
    of(account).charge();
  }

  /** Records STS's response to a call. A throttled call lowers the share. */
  public void answered(String account, boolean throttled) {
    of(account).answered(throttled);
  }

  /**
   * Returns the account in an ARN, {@code arn:partition:service:region:account:…}; empty if it has
   * none.
   */
  public static String accountOf(String arn) {
    String[] parts = arn.split(":", ARN_PARTS);
    return parts.length == ARN_PARTS ? parts[ARN_ACCOUNT] : "";
  }

  QuotaShare of(String account) {
    return Objects.requireNonNull(shares.get(account), "no such account");
  }
}
