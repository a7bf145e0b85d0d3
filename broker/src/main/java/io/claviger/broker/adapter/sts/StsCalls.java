package io.claviger.broker.adapter.sts;

import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.telemetry.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/**
 * Calls STS as one of the broker's identities. If the credentials have expired unnoticed, the call
 * is repeated once with new ones. Nothing waits on the caller's thread.
 */
final class StsCalls implements AutoCloseable {

  private final StsRegions regions;
  private final Quotas quotas;
  private final InstantSource clock;
  private static final int CALLERS = 2;
  private static final int MAX_WAITING = 10_000;

  private final Map<String, OwnCredentials> identities = new HashMap<>();

  /** Where the SDK builds and signs requests: a fraction of a millisecond each. */
  private final ExecutorService callers;

  /**
   * Sends no request yet.
   *
   * @param providers of each identity's credentials, by the quotas' names
   */
  StsCalls(
      StsRegions regions,
      Map<String, Supplier<AwsCredentialsProvider>> providers,
      Quotas quotas,
      InstantSource clock,
      MeterRegistry meters) {
    this.regions = regions;
    this.quotas = quotas;
    this.clock = clock;
    this.callers =
        new ThreadPoolExecutor(
            CALLERS,
            CALLERS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            task -> Thread.ofPlatform().name("claviger-sts").daemon().unstarted(task));
    providers.forEach(
        (account, provider) -> {
          OwnCredentials own = new OwnCredentials(provider, clock);
          identities.put(account, own);
          Gauge.builder(Meters.OWN_CREDENTIALS_LEFT, own, OwnCredentials::secondsLeft)
              .baseUnit("seconds")
              .tags(List.of(Meters.account(account)))
              .register(meters);
        });
  }

  /** Returns the broker's identity that assumes a role. */
  String callerFor(String roleArn) {
    return quotas.callerFor(roleArn);
  }

  /** Calls AssumeRole as one of the broker's identities. */
  CompletableFuture<AssumeRoleResponse> assumeAs(
      String caller, BiFunction<AwsCredentials, Duration, AssumeRoleRequest> request, Instant end) {
    return renewing(caller, end, own -> call(caller, () -> request.apply(own, left(end))));
  }

  /** Calls AssumeRole with the credentials in the request, on an account's quota. */
  CompletableFuture<AssumeRoleResponse> assume(
      String account, Function<Duration, AssumeRoleRequest> request, Instant end) {
    return CompletableFuture.completedFuture(request)
        .thenComposeAsync(same -> call(account, () -> same.apply(left(end))), callers);
  }

  /**
   * Makes a call.
   *
   * @param request called for each attempt, because it carries the remaining time
   */
  private CompletableFuture<AssumeRoleResponse> call(
      String account, Supplier<AssumeRoleRequest> request) {
    return regions
        .call(client -> client.assumeRole(request.get()))
        .whenComplete(
            (answer, failure) ->
                quotas.answered(
                    account,
                    failure != null && StsError.of(failure).kind() == StsError.Kind.THROTTLED));
  }

  /** Requests the identity of one of the broker's identities from STS. */
  CompletableFuture<GetCallerIdentityResponse> whoIs(String caller, Instant end) {
    return renewing(
        caller,
        end,
        own ->
            regions.call(
                client -> client.getCallerIdentity(StsRequests.callerIdentity(own, left(end)))));
  }

  /** Charges a call that did not wait for the quota. */
  void charge(String caller) {
    quotas.charge(caller);
  }

  private <T> CompletableFuture<T> renewing(
      String caller, Instant end, Function<AwsCredentials, CompletableFuture<T>> call) {
    OwnCredentials own = Objects.requireNonNull(identities.get(caller), "no such identity");
    return own(own, end)
        .thenComposeAsync(
            credentials ->
                call.apply(credentials)
                    .exceptionallyCompose(
                        failure ->
                            StsError.of(failure).kind() == StsError.Kind.OWN_CREDENTIALS
                                ? renewed(own, caller, end).thenComposeAsync(call, callers)
                                : CompletableFuture.failedFuture(failure)),
            callers);
  }

  private CompletableFuture<AwsCredentials> renewed(
      OwnCredentials own, String caller, Instant end) {
    charge(caller);
    return own.renew()
        .orTimeout(left(end).toMillis(), TimeUnit.MILLISECONDS)
        .thenCompose(renewed -> own(own, end));
  }

  private CompletableFuture<AwsCredentials> own(OwnCredentials own, Instant end) {
    return own.resolve()
        .orTimeout(left(end).toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(StsError.noOwnCredentials(failure).asFailure()));
  }

  /** Returns the time until a deadline; a minimal one if it is over. */
  Duration left(Instant end) {
    Duration left = Duration.between(clock.instant(), end);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  @Override
  public void close() {
    regions.close();
    identities.values().forEach(OwnCredentials::close);
    callers.shutdownNow();
  }
}
