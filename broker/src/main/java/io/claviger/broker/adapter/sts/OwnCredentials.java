package io.claviger.broker.adapter.sts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The broker's own credentials, from a provider that is replaced if STS no longer accepts its
 * credentials. Providers may block (files, instance metadata, STS itself), so they run on a
 * separate thread before the SDK is called. The SDK would wait for them on the caller's thread.
 * Credentials are reused for a second.
 */
final class OwnCredentials implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OwnCredentials.class);
  private static final Duration REST = Duration.ofSeconds(10);
  private static final int MAX_WAITING = 10_000;
  private static final Duration YOUNG = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Supplier<AwsCredentialsProvider> source;
  private final InstantSource clock;
  private final ExecutorService thread;
  private volatile AwsCredentialsProvider provider;
  private @Nullable Instant renewedAt;
  private volatile @Nullable Instant lastEnd;
  private volatile @Nullable Given last;

  /** The provider's last credentials, and when it returned them. */
  private record Given(AwsCredentials credentials, Instant at) {

    boolean isGood(Instant now) {
      return !now.isBefore(at)
          && now.isBefore(at.plus(YOUNG))
          && credentials.expirationTime().filter(end -> !end.isAfter(now.plus(SOON))).isEmpty();
    }

    @Override
    public String toString() {
      return "Given[accessKeyId=" + credentials.accessKeyId() + "]";
    }
  }

  OwnCredentials(Supplier<AwsCredentialsProvider> source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
    this.provider = source.get();
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            task -> Thread.ofPlatform().name("claviger-own-credentials").daemon().unstarted(task));
  }

  private AwsCredentials ask() {
    AwsCredentials given = provider.resolveCredentials();
    lastEnd = given.expirationTime().orElse(null);
    last = new Given(given, clock.instant());
    return given;
  }

  /**
   * Returns the provider's credentials, up to a second old. Fails if the provider fails, or if too
   * many callers wait for it.
   */
  CompletableFuture<AwsCredentials> resolve() {
    Given given = last;
    if (given != null && given.isGood(clock.instant())) {
      return CompletableFuture.completedFuture(given.credentials());
    }
    return CompletableFuture.supplyAsync(this::ask, thread);
  }

  /**
   * Returns the seconds until the last credentials expire; NaN if they have no expiry, or there are
   * none.
   */
  double secondsLeft() {
    Instant end = lastEnd;
    return end == null ? Double.NaN : Duration.between(clock.instant(), end).toMillis() / 1000.0;
  }

  /** Starts again with a new provider, which has no cache; at most every ten seconds. */
  CompletableFuture<Void> renew() {
    return CompletableFuture.runAsync(this::startOver, thread);
  }

  private void startOver() {
    last = null;
    Instant now = clock.instant();
    if (renewedAt != null && now.isBefore(renewedAt.plus(REST))) {
      return;
    }
    renewedAt = now;
    AwsCredentialsProvider old = provider;
    provider = source.get();
    close(old);
    LOG.atWarn().log("aws rejected the broker's own credentials: they are read again");
  }

  private static void close(AwsCredentialsProvider provider) {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    close(provider);
  }
}
