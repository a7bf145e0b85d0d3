package io.claviger.broker.adapter.sts;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.claviger.broker.issuance.RoleSessions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * The sessions of first roles, from which target roles are assumed. One that carries the cluster's
 * tags alone serves all associations of the cluster that have the same first role, for half of its
 * life. A first role that does not let the broker in with those alone gets a session of its own for
 * each association's tags: its trust policy asks for them. Nothing here leaves the broker. Bounded;
 * thread-safe.
 */
final class FirstHops {

  private static final int MAX_SESSIONS = 10_000;

  /** How long it is remembered that a role wants all tags: its trust policy can be changed. */
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private record Hop(String roleArn, Map<String, String> tags, String sessionName) {}

  private final StsCalls calls;
  private final InstantSource clock;
  private final AsyncCache<Hop, Credentials> sessions;
  private final Cache<String, Boolean> wantAllTags =
      Caffeine.newBuilder()
          .maximumSize(MAX_SESSIONS)
          .expireAfterWrite(MEMORY)
          .executor(Runnable::run)
          .build();

  FirstHops(StsCalls calls, InstantSource clock) {
    this.calls = calls;
    this.clock = clock;
    this.sessions =
        Caffeine.newBuilder()
            .maximumSize(MAX_SESSIONS)
            .ticker(() -> clock.millis() * 1_000_000)
            .expireAfter(Expiry.<Hop, Credentials>creating((hop, session) -> halfOf(session)))
            .executor(Runnable::run)
            .buildAsync();
  }

  private Duration halfOf(Credentials session) {
    Duration left = Duration.between(clock.instant(), session.expiration());
    return left.isPositive() ? left.dividedBy(2) : Duration.ZERO;
  }

  /**
   * The session that a request's target role is assumed from, and which of the request's tags it
   * does not carry.
   */
  CompletableFuture<FirstHop> find(RoleSessions.Request request, Instant end) {
    if (request.ownTags().isEmpty() || wantAllTags.getIfPresent(request.roleArn()) != null) {
      return particular(request, end);
    }
    return shared(request, end)
        .exceptionallyCompose(
            failure -> {
              if (StsError.of(failure).kind() != StsError.Kind.DENIED) {
                return CompletableFuture.failedFuture(failure);
              }
              return particular(request, end)
                  .whenComplete(
                      (hop, stillDenied) -> {
                        if (hop != null) {
                          wantAllTags.put(request.roleArn(), true);
                        }
                      });
            });
  }

  private CompletableFuture<FirstHop> shared(RoleSessions.Request request, Instant end) {
    Hop hop =
        new Hop(
            request.roleArn(),
            request.clusterTags(),
            StsRequests.firstHopName(request.clusterTags()));
    return session(hop, end)
        .thenApply(session -> new FirstHop(session, request.ownTags(), () -> forget(hop)));
  }

  private CompletableFuture<FirstHop> particular(RoleSessions.Request request, Instant end) {
    Map<String, String> tags = request.tags();
    String name = tags.isEmpty() ? StsRequests.firstHopName(tags) : request.sessionName();
    Hop hop = new Hop(request.roleArn(), tags, name);
    return session(hop, end)
        .thenApply(session -> new FirstHop(session, Map.of(), () -> forget(hop)));
  }

  private CompletableFuture<Credentials> session(Hop hop, Instant end) {
    return sessions.get(hop, (same, executor) -> open(hop, end));
  }

  private CompletableFuture<Credentials> open(Hop hop, Instant end) {
    String caller = calls.callerFor(hop.roleArn());
    calls.charge(caller);
    return calls
        .assumeAs(
            caller,
            (own, left) ->
                StsRequests.firstHop(hop.roleArn(), hop.tags(), hop.sessionName(), own, left),
            end)
        .thenApply(AssumeRoleResponse::credentials)
        .thenApply(Objects::requireNonNull);
  }

  private void forget(Hop hop) {
    sessions.synchronous().invalidate(hop);
  }

  /**
   * A first hop.
   *
   * @param session its credentials
   * @param tags what the second hop still has to say
   * @param forget that STS no longer takes it
   */
  record FirstHop(Credentials session, Map<String, String> tags, Runnable forget) {
    @Override
    public String toString() {
      return "FirstHop[accessKeyId=" + session.accessKeyId() + "]";
    }
  }
}
