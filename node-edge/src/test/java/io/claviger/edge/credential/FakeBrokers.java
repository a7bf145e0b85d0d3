package io.claviger.edge.credential;

import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Brokers that record their requests and answer when the test does. */
final class FakeBrokers implements Upstream {

  private final List<CredentialRequest> requests = new ArrayList<>();
  private final List<Duration> timeouts = new ArrayList<>();
  private final List<Boolean> otherFirsts = new ArrayList<>();
  private final Queue<CompletableFuture<CredentialReply>> open = new ArrayDeque<>();

  /** Whether a request throws. */
  volatile boolean broken;

  @Override
  public synchronized CompletionStage<CredentialReply> ask(
      CredentialRequest request, Duration timeout, boolean otherFirst) {
    if (broken) {
      throw new IllegalStateException("a bug");
    }
    requests.add(request);
    otherFirsts.add(otherFirst);
    timeouts.add(timeout);
    CompletableFuture<CredentialReply> answer = new CompletableFuture<>();
    open.add(answer);
    return answer;
  }

  /** Answers the oldest open request. */
  void answer(CredentialReply reply) {
    next().complete(reply);
  }

  /** Fails the oldest open request, as an adapter with a bug does. */
  void fail(RuntimeException failure) {
    next().completeExceptionally(failure);
  }

  private synchronized CompletableFuture<CredentialReply> next() {
    return open.remove();
  }

  synchronized List<CredentialRequest> requests() {
    return List.copyOf(requests);
  }

  /** Returns for each request whether the other broker was to be tried first. */
  synchronized List<Boolean> otherFirsts() {
    return List.copyOf(otherFirsts);
  }

  synchronized List<Duration> timeouts() {
    return List.copyOf(timeouts);
  }

  int asked() {
    return requests().size();
  }
}
