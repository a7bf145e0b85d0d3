package io.claviger.broker.adapter.sts;

import io.claviger.broker.issuance.Quotas;
import io.claviger.broker.issuance.RoleSessions;
import io.claviger.broker.telemetry.Meters;
import io.claviger.schemas.bus.SessionCredentials;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;

/**
 * STS AssumeRole by the AWS SDK: one call per session. If there is a target role and no cached
 * session of the first role, two calls. Nothing waits on the caller's thread; results arrive on a
 * thread of the SDK or of this adapter.
 */
public final class StsRoleSessions implements RoleSessions, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StsRoleSessions.class);

  private final StsCalls calls;
  private final FirstHops firstHops;
  private final SessionLengths lengths = new SessionLengths();
  private final Map<String, Supplier<AwsCredentialsProvider>> identities;
  private final Duration deadline;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final DistributionSummary packed;

  /**
   * Connects at the first call.
   *
   * @param identities by the accounts of the quotas, a supplier of new credential providers; called
   *     again if STS no longer accepts the credentials. The SDK's default chain: {@code () ->
   *     DefaultCredentialsProvider.builder().build()}
   * @param quotas charged for calls beyond the one that a session has waited for
   */
  public StsRoleSessions(
      StsConnection connection,
      Map<String, Supplier<AwsCredentialsProvider>> identities,
      Quotas quotas,
      InstantSource clock,
      MeterRegistry meters) {
    this.calls =
        new StsCalls(new StsRegions(connection, clock, meters), identities, quotas, clock, meters);
    this.firstHops = new FirstHops(calls, clock);
    this.identities = Map.copyOf(identities);
    this.deadline = connection.deadline();
    this.clock = clock;
    this.meters = meters;
    this.packed = DistributionSummary.builder(Meters.PACKED_POLICY_SIZE).register(meters);
  }

  /**
   * Requests this broker's identity from STS, and logs it. Called once at the start: it checks the
   * broker's own credentials early, and the first pod does not wait for the connection and for the
   * SDK's classes.
   *
   * @return completes when the identity is known, or the request has failed; never fails
   */
  public CompletionStage<Void> introduce() {
    return CompletableFuture.allOf(
        identities.keySet().stream().map(this::introduce).toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> introduce(String caller) {
    return calls
        .whoIs(caller, clock.instant().plus(deadline))
        .handle(
            (identity, failure) -> {
              if (failure == null) {
                LOG.atInfo()
                    .addKeyValue("arn", identity.arn())
                    .log("sts returned this broker's identity");
              } else {
                StsError error = StsError.of(failure);
                LOG.atWarn()
                    .addKeyValue(Meters.ACCOUNT, Meters.account(caller).getValue())
                    .addKeyValue("code", error.code())
                    .addKeyValue("kind", error.kind().tag())
                    .log("sts did not return this broker's identity");
              }
              return null;
            });
  }

  @Override
  public CompletionStage<Result> open(Request request) {
    Timer.Sample sample = Timer.start(meters);
    Instant end = clock.instant().plus(deadline);
    CompletableFuture<AssumeRoleResponse> call =
        request.targetRoleArn() == null ? only(request, end) : target(request, end);
    return call.handle(
        (response, failure) -> {
          StsError error = failure == null ? null : StsError.of(failure);
          sample.stop(
              meters.timer(
                  Meters.STS_CALLS, Meters.RESULT, error == null ? "opened" : error.kind().tag()));
          return error == null ? opened(response) : error.of(request);
        });
  }

  private CompletableFuture<AssumeRoleResponse> only(Request request, Instant end) {
    String caller = calls.callerFor(request.roleArn());
    Duration length = lengths.of(caller, request.roleArn(), request.duration());
    return only(request, caller, length, end)
        .exceptionallyCompose(
            failure -> {
              if (!lengths.learn(caller, request.roleArn(), length, StsError.of(failure))) {
                return CompletableFuture.failedFuture(failure);
              }
              calls.charge(caller);
              Duration shorter = lengths.of(caller, request.roleArn(), request.duration());
              return only(request, caller, shorter, end);
            });
  }

  private CompletableFuture<AssumeRoleResponse> only(
      Request request, String caller, Duration length, Instant end) {
    return calls.assumeAs(caller, (own, left) -> StsRequests.only(request, length, own, left), end);
  }

  /**
   * Assumes the target role. A first hop that STS no longer accepts is opened again, once. If the
   * target role denies a shared first hop, one with all tags follows, because the first role's own
   * policy may require them.
   */
  private CompletableFuture<AssumeRoleResponse> target(Request request, Instant end) {
    return firstHops
        .find(request, end)
        .thenCompose(
            hop ->
                second(request, hop, end)
                    .exceptionallyCompose(
                        failure ->
                            switch (StsError.of(failure).kind()) {
                              case FIRST_HOP_ENDED -> again(request, end);
                              case TARGET_DENIED -> denied(request, hop, end, failure);
                              default -> CompletableFuture.failedFuture(failure);
                            }));
  }

  private CompletableFuture<AssumeRoleResponse> again(Request request, Instant end) {
    calls.charge(calls.callerFor(request.roleArn()));
    return firstHops.find(request, end).thenCompose(hop -> second(request, hop, end));
  }

  private CompletableFuture<AssumeRoleResponse> denied(
      Request request, FirstHops.FirstHop hop, Instant end, Throwable denial) {
    firstHops.refused(request, hop);
    if (!hop.shared()) {
      return CompletableFuture.failedFuture(denial);
    }
    calls.charge(calls.callerFor(request.roleArn()));
    return firstHops
        .particular(request, end)
        .thenCompose(particular -> second(request, particular, end))
        .whenComplete(
            (letIn, failure) -> {
              if (failure == null) {
                firstHops.wantsAllTags(request);
              }
            })
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(denial));
  }

  private CompletableFuture<AssumeRoleResponse> second(
      Request request, FirstHops.FirstHop hop, Instant end) {
    return calls
        .assume(
            calls.callerFor(request.roleArn()), left -> StsRequests.second(request, hop, left), end)
        .exceptionallyCompose(
            failure -> {
              StsError error = StsError.of(failure).ofTarget();
              if (error.kind() == StsError.Kind.FIRST_HOP_ENDED) {
                hop.forget().run();
              }
              return CompletableFuture.failedFuture(error.asFailure());
            });
  }

  private Result opened(AssumeRoleResponse response) {
    try {
      String arn = response.assumedRoleUser().arn();
      Integer size = response.packedPolicySize();
      if (size != null) {
        packed.record(size);
      }
      return new Result.Opened(
          new SessionCredentials(
              response.credentials().accessKeyId(),
              response.credentials().secretAccessKey(),
              response.credentials().sessionToken(),
              Quotas.accountOf(arn),
              arn,
              response.assumedRoleUser().assumedRoleId(),
              clock.instant(),
              response.credentials().expiration()),
          String.valueOf(response.responseMetadata().requestId()),
          size);
    } catch (IllegalArgumentException | NullPointerException e) {
      return new Result.Retryable(
          Result.Retryable.Cause.FAILING, "STS answered without a complete session");
    }
  }

  @Override
  public void close() {
    calls.close();
  }
}
