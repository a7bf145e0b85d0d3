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
 * Whose quota STS charges a call to: the account of the identity that calls. Accounts for which the
 * broker has an identity of its own have a quota of their own; all others share {@link #USUAL}'s.
 */
public final class Quotas {

  /** The name of the identity, and of the quota, for all accounts that have none of their own. */
  public static final String USUAL = "";

  private static final int ARN_PARTS = 6;
  private static final int ARN_ACCOUNT = 4;

  private final Map<String, QuotaShare> shares = new HashMap<>();

  /**
   * The quotas.
   *
   * @param perSecond calls a second by account; {@link #USUAL} is among them
   * @param minBrokers a quota is divided by no fewer, however few there seem to be
   * @param brokers how many brokers there may be, reached or not; asked often, answers at once
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

  /** The accounts that have one, {@link #USUAL} among them. */
  public Collection<String> accounts() {
    return List.copyOf(shares.keySet());
  }

  /**
   * Which of the broker's identities assumes a role. The second hop to a target role is charged to
   * the first role's account, so to the same quota.
   */
  public String callerFor(String roleArn) {
    String account = accountOf(roleArn);
    return shares.containsKey(account) ? account : USUAL;
  }

  /**
   * A call besides the one that a session's turn is for, as a first hop or a second try: it does
   * not wait, what comes later does.
   */
  public void charge(String account) {
    of(account).charge();
  }

  /** STS has answered a call; what it throttles lowers the share. */
  public void answered(String account, boolean throttled) {
    of(account).answered(throttled);
  }

  /**
   * The account in an ARN, {@code arn:partition:service:region:account:…}; empty where it has none.
   */
  public static String accountOf(String arn) {
    String[] parts = arn.split(":", ARN_PARTS);
    return parts.length == ARN_PARTS ? parts[ARN_ACCOUNT] : "";
  }

  QuotaShare of(String account) {
    return Objects.requireNonNull(shares.get(account), "no such account");
  }
}
