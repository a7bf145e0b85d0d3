package io.claviger.broker.issuance;

import io.claviger.schemas.bus.RefusalReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An STS that answers at once, or when the test lets it. */
final class FakeSts implements RoleSessions {
  final List<Request> calls = new CopyOnWriteArrayList<>();
  final List<CompletableFuture<Result>> pending = new CopyOnWriteArrayList<>();
  volatile boolean holds;
  Duration life = Duration.ofHours(1);
  @Nullable Integer packedPolicySize;
  private final InstantSource clock;

  FakeSts(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public CompletionStage<Result> open(Request request) {
    calls.add(request);
    CompletableFuture<Result> answer = new CompletableFuture<>();
    pending.add(answer);
    if (!holds) {
      answer.complete(opened(calls.size()));
    }
    return answer;
  }

  /** Opens the session of the n-th call, from 1. */
  void open(int call) {
    pending.get(call - 1).complete(opened(call));
  }

  void deny(int call) {
    pending
        .get(call - 1)
        .complete(
            new Result.Denied(
                RefusalReason.ROLE_DENIED, calls.get(call - 1).roleArn(), "the role denies us"));
  }

  /** Fails with an error that is not retried. */
  void fail(int call) {
    fail(call, Result.Retryable.Cause.OWN_CREDENTIALS);
  }

  void fail(int call, Result.Retryable.Cause cause) {
    pending.get(call - 1).complete(new Result.Retryable(cause, "not now"));
  }

  private Result opened(int call) {
    return new Result.Opened(
        Samples.session("ASIA" + call, clock.instant(), life), "req-" + call, packedPolicySize);
  }
}
