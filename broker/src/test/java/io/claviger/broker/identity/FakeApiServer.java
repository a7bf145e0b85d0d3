package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.identity.PodNodes.NodeLookup;
import io.claviger.broker.identity.TokenReviews.Review;
import io.claviger.broker.telemetry.TokenMeters;
import io.claviger.schemas.bus.PodPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A cluster that returns what a test sets, and records its requests. */
final class FakeApiServer {

  final List<String> reviewed = new ArrayList<>();
  final List<String> lookedFor = new ArrayList<>();
  final List<Runnable> timers = new ArrayList<>();
  final KnownPods pods = new KnownPods(Ticker.systemTicker());
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  CompletionStage<Review> review = CompletableFuture.completedStage(new Review.Standing());
  CompletionStage<NodeLookup> lookup =
      CompletableFuture.completedStage(new NodeLookup.Away("down"));

  void says(Review said) {
    review = CompletableFuture.completedStage(said);
  }

  void says(NodeLookup said) {
    lookup = CompletableFuture.completedStage(said);
  }

  PodChecks checks(PodPolicy policy, int perSecond, boolean withoutNodeAllowed, TestClock clock) {
    return new PodChecks(
        new PodChecks.Rules("one", policy, perSecond, withoutNodeAllowed),
        (token, audience) -> {
          reviewed.add(audience);
          return review;
        },
        pod -> {
          lookedFor.add(pod.uid());
          return lookup;
        },
        pods,
        (delay, task) -> timers.add(task),
        clock,
        new TokenMeters(meters));
  }

  double count(String meter, String result) {
    var counter = meters.find(meter).tags("cluster", "one", "result", result).counter();
    return counter == null ? 0 : counter.count();
  }
}
