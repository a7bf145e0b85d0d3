package io.claviger.broker.adapter.sts;

import io.claviger.broker.telemetry.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sts.StsAsyncClient;
import software.amazon.awssdk.services.sts.StsAsyncClientBuilder;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointParams;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointProvider;

/**
 * STS in the primary Region, and in another while the primary one fails. After three failures in a
 * row that are STS's own, calls go to the other Region for 30 s. Throttling does not count, because
 * it shows that STS works. Then one call tries the primary Region again. A call that loses a
 * kept-alive connection is repeated once; the caller decides about all other retries. Thread-safe.
 */
final class StsRegions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StsRegions.class);
  private static final Duration CONNECT = Duration.ofSeconds(1);

  /** A TLS handshake costs more than the rest of a call. */
  private static final Duration KEPT = Duration.ofMinutes(1);

  private static final int MAX_WAITING_FOR_A_CONNECTION = 10_000;
  private static final int FAILURES = 3;
  private static final Duration AWAY = Duration.ofSeconds(30);

  private final StsAsyncClient primary;
  private final Optional<StsAsyncClient> other;
  private final InstantSource clock;
  private final Counter failedOver;
  private int failures;
  private Instant awayUntil = Instant.MIN;

  StsRegions(StsConnection connection, InstantSource clock, MeterRegistry meters) {
    this.primary = client(connection, connection.primary());
    this.other = connection.failOver().map(endpoint -> client(connection, endpoint));
    this.clock = clock;
    this.failedOver = meters.counter(Meters.STS_FAIL_OVER);
  }

  private static StsAsyncClient client(StsConnection connection, StsConnection.Endpoint endpoint) {
    StsAsyncClientBuilder builder =
        StsAsyncClient.builder()
            .region(Region.of(endpoint.region()))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .endpointProvider(new OnceResolved(StsEndpointProvider.defaultProvider()))
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(connection.concurrency())
                    .maxPendingConnectionAcquires(MAX_WAITING_FOR_A_CONNECTION)
                    .connectionTimeout(CONNECT)
                    .connectionMaxIdleTime(KEPT)
                    .tcpKeepAlive(true)
                    .eventLoopGroupBuilder(
                        SdkEventLoopGroup.builder()
                            .numberOfThreads(1)
                            .threadFactory(
                                Thread.ofPlatform().name("claviger-sts-io").daemon().factory())))
            .asyncConfiguration(
                async ->
                    async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .overrideConfiguration(
                override ->
                    override
                        .retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .apiCallAttemptTimeout(connection.attemptTimeout())
                        .apiCallTimeout(connection.deadline()));
    endpoint.uri().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /**
   * STS may close a kept-alive connection at the moment when a call uses it. The caller decides
   * about retries of all other failures. The SDK's own retry is not used: it may still report the
   * first attempt's failure, which would then fail the second attempt.
   */
  private static <T> CompletableFuture<T> onceMoreWhenLost(
      StsAsyncClient client, Function<StsAsyncClient, CompletableFuture<T>> call) {
    return call.apply(client)
        .exceptionallyCompose(
            failure ->
                wasLost(failure) ? call.apply(client) : CompletableFuture.failedFuture(failure));
  }

  private static boolean wasLost(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException || cause instanceof SdkClientException) {
      cause = cause.getCause();
    }
    return cause instanceof IOException
        && !(cause instanceof ConnectException || cause instanceof UnknownHostException);
  }

  /** The endpoint is the same for every call of a client, so the SDK's rules run once. */
  private static final class OnceResolved implements StsEndpointProvider {
    private final StsEndpointProvider rules;
    private volatile @Nullable Endpoint endpoint;

    OnceResolved(StsEndpointProvider rules) {
      this.rules = rules;
    }

    @Override
    public CompletableFuture<Endpoint> resolveEndpoint(StsEndpointParams client) {
      Endpoint known = endpoint;
      return known != null
          ? CompletableFuture.completedFuture(known)
          : rules.resolveEndpoint(client).thenApply(resolved -> endpoint = resolved);
    }
  }

  /** Makes a call in the current Region. */
  <T> CompletableFuture<T> call(Function<StsAsyncClient, CompletableFuture<T>> call) {
    if (other.isPresent() && isAway()) {
      failedOver.increment();
      return onceMoreWhenLost(other.get(), call).exceptionallyCompose(StsRegions::elsewhere);
    }
    return onceMoreWhenLost(primary, call)
        .whenComplete(
            (answer, failure) ->
                ended(failure != null && StsError.of(failure).kind() == StsError.Kind.RETRYABLE));
  }

  /** An error about a disabled fail-over Region says nothing about the role. */
  private static <T> CompletableFuture<T> elsewhere(Throwable failure) {
    StsError error = StsError.of(failure);
    return CompletableFuture.failedFuture(
        error.code().startsWith("RegionDisabled")
            ? new StsError(StsError.Kind.RETRYABLE, error.code(), "").asFailure()
            : failure);
  }

  /**
   * When the time is over, one call tries the primary Region while others still use the other one.
   */
  private synchronized boolean isAway() {
    if (failures < FAILURES) {
      return false;
    }
    Instant now = clock.instant();
    if (now.isBefore(awayUntil)) {
      return true;
    }
    awayUntil = now.plus(AWAY);
    return false;
  }

  private synchronized void ended(boolean failed) {
    if (!failed) {
      if (failures >= FAILURES && other.isPresent()) {
        LOG.atInfo().log("sts works in its region again");
      }
      failures = 0;
    } else if (failures < FAILURES && ++failures == FAILURES && other.isPresent()) {
      awayUntil = clock.instant().plus(AWAY);
      LOG.atWarn().log("sts fails in its region: calls go to the fail-over region");
    }
  }

  @Override
  public void close() {
    primary.close();
    other.ifPresent(StsAsyncClient::close);
  }
}
