package io.claviger.broker.adapter.sts;

import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.RefusalReason;
import io.claviger.schemas.bus.SessionCredentials;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsAsyncClient;
import software.amazon.awssdk.services.sts.StsAsyncClientBuilder;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;

/**
 * STS AssumeRole by the AWS SDK. Attempts are the SDK's standard retries (three: throttling, 5xx,
 * connection and attempt timeouts), all within the connection's deadline. Nothing waits on the
 * caller's thread; results come on one of the SDK's or of this adapter's.
 */
public final class StsRoleSessions implements RoleSessions, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StsRoleSessions.class);
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final int MAX_WAITING_FOR_A_CONNECTION = 10_000;

  private static final int ARN_PARTS = 6;
  private static final int ARN_ACCOUNT = 4;

  private final StsAsyncClient client;
  private final OwnCredentials own;
  private final Duration deadline;
  private final InstantSource clock;
  private final MeterRegistry meters;

  /**
   * Connects at the first call.
   *
   * @param credentials a new provider of the broker's own credentials; called again when STS no
   *     longer takes them. The SDK's default chain: {@code () ->
   *     DefaultCredentialsProvider.builder().build()}
   */
  public StsRoleSessions(
      StsConnection connection,
      Supplier<AwsCredentialsProvider> credentials,
      InstantSource clock,
      MeterRegistry meters) {
    this.own = new OwnCredentials(credentials, clock);
    this.deadline = connection.deadline();
    this.clock = clock;
    this.meters = meters;
    this.client = client(connection);
  }

  private static StsAsyncClient client(StsConnection connection) {
    StsAsyncClientBuilder builder =
        StsAsyncClient.builder()
            .region(Region.of(connection.region()))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(connection.concurrency())
                    .maxPendingConnectionAcquires(MAX_WAITING_FOR_A_CONNECTION)
                    .connectionTimeout(CONNECT))
            .asyncConfiguration(
                async ->
                    async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .overrideConfiguration(
                override ->
                    override
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy())
                        .apiCallAttemptTimeout(connection.attemptTimeout())
                        .apiCallTimeout(connection.deadline()));
    connection.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /**
   * Asks STS who this broker is, and logs what it says. Called once at the start: it shows at once
   * whether the broker's own credentials are good, and the first pod does not wait for the
   * connection and for the SDK's classes.
   *
   * @return completes when that is known, or has failed; never fails
   */
  public CompletionStage<Void> introduce() {
    return own.resolve()
        .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .thenCompose(
            credentials ->
                client.getCallerIdentity(StsRequests.callerIdentity(credentials, deadline)))
        .handle(
            (identity, failure) -> {
              if (failure == null) {
                LOG.atInfo().addKeyValue("arn", identity.arn()).log("sts knows this broker");
              } else {
                StsError error = StsError.of(failure);
                LOG.atWarn()
                    .addKeyValue("code", error.code())
                    .addKeyValue("kind", error.kind().tag())
                    .log("sts does not say who this broker is");
              }
              return null;
            });
  }

  @Override
  public CompletionStage<Result> open(Request request) {
    Timer.Sample sample = Timer.start(meters);
    Instant end = clock.instant().plus(deadline);
    return assume(request, end)
        .handle(
            (response, failure) -> {
              StsError error = failure == null ? null : StsError.of(failure);
              sample.stop(
                  meters.timer(
                      Meters.STS_CALLS,
                      Meters.RESULT,
                      error == null ? "opened" : error.kind().tag()));
              return error == null ? opened(response) : failed(request, error);
            });
  }

  private CompletableFuture<AssumeRoleResponse> assume(Request request, Instant end) {
    CompletableFuture<AssumeRoleResponse> first = withOwn(request, end);
    return request.targetRoleArn() == null
        ? first
        : first.thenCompose(
            response ->
                client.assumeRole(StsRequests.second(request, response.credentials(), left(end))));
  }

  /**
   * Calls with the broker's own credentials, which may have ended unnoticed: then once more with
   * new ones.
   */
  private CompletableFuture<AssumeRoleResponse> withOwn(Request request, Instant end) {
    return first(request, end)
        .exceptionallyCompose(
            failure ->
                StsError.of(failure).kind() == StsError.Kind.OWN_CREDENTIALS
                    ? own.renew().thenCompose(renewed -> first(request, end))
                    : CompletableFuture.failedFuture(failure));
  }

  private CompletableFuture<AssumeRoleResponse> first(Request request, Instant end) {
    return own.resolve()
        .orTimeout(left(end).toMillis(), TimeUnit.MILLISECONDS)
        .thenCompose(
            credentials -> client.assumeRole(StsRequests.first(request, credentials, left(end))));
  }

  private Duration left(Instant end) {
    Duration left = Duration.between(clock.instant(), end);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  private Result opened(AssumeRoleResponse response) {
    try {
      String arn = response.assumedRoleUser().arn();
      return new Result.Opened(
          new SessionCredentials(
              response.credentials().accessKeyId(),
              response.credentials().secretAccessKey(),
              response.credentials().sessionToken(),
              account(arn),
              arn,
              response.assumedRoleUser().assumedRoleId(),
              clock.instant(),
              response.credentials().expiration()),
          String.valueOf(response.responseMetadata().requestId()),
          response.packedPolicySize());
    } catch (IllegalArgumentException | NullPointerException e) {
      return new Result.Passing("STS answered without a whole session");
    }
  }

  /** {@code arn:aws:sts::<account>:assumed-role/...}; empty for what is no ARN. */
  private static String account(String arn) {
    String[] parts = arn.split(":", ARN_PARTS);
    return parts.length == ARN_PARTS ? parts[ARN_ACCOUNT] : "";
  }

  private static Result failed(Request request, StsError error) {
    return switch (error.kind()) {
      case DENIED -> new Result.Denied(RefusalReason.ROLE_DENIED, denied(request));
      case MISCONFIGURED ->
          new Result.Denied(
              RefusalReason.ROLE_MISCONFIGURED,
              "STS does not accept what the association asks of role %s: %s: %s"
                  .formatted(request.roleArn(), error.code(), error.message()));
      case OWN_CREDENTIALS ->
          new Result.Passing(
              "STS does not take the broker's own credentials (" + error.code() + ")");
      case THROTTLED -> new Result.Passing("STS is throttling the broker");
      case PASSING -> new Result.Passing("STS cannot be asked now (" + error.code() + ")");
    };
  }

  private static String denied(Request request) {
    String actions =
        request.tags().isEmpty() ? "sts:AssumeRole" : "sts:AssumeRole and sts:TagSession";
    return request.targetRoleArn() == null
        ? "role %s does not let the broker in: its trust policy must allow the broker's role %s"
            .formatted(request.roleArn(), actions)
        : "role %s does not let the broker in, or target role %s does not let that role in: each trust policy must allow %s"
            .formatted(request.roleArn(), request.targetRoleArn(), actions);
  }

  @Override
  public void close() {
    client.close();
    own.close();
  }
}
