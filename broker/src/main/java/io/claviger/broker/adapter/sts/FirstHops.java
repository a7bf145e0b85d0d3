package io.claviger.broker.adapter.sts;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.claviger.broker.issuance.RoleSessions;
import io.claviger.schemas.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * The sessions of first roles, from which target roles are assumed. A session with only the
 * cluster's tags serves all associations of the cluster with the same first role, for half of its
 * life. If a first role denies such a session, its trust policy requires more tags. The role then
 * gets a separate session for each association's tags. Sessions stay in this broker. Bounded;
 * thread-safe.
 */
final class FirstHops {

  private static final int MAX_SESSIONS = 10_000;

  /**
   * If a target role denies an older session, that session itself may have been denied everything.
   * A session this young has not.
   */
  private static final Duration YOUNG = Duration.ofSeconds(10);

  /** How long it is cached that a role requires all tags: its trust policy may change. */
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private record Hop(String roleArn, Map<String, String> tags, String sessionName) {}

  /** A role from the view of one cluster. */
  private record HopKey(String roleArn, Map<String, String> clusterTags) {
    static HopKey of(RoleSessions.Request request) {
      return new HopKey(request.roleArn(), request.clusterTags());
    }
  }

  private final StsCalls calls;
  private final InstantSource clock;
  private final AsyncCache<Hop, Attempt> sessions;
  private final Cache<HopKey, Boolean> wantAllTags =
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
            .expireAfter(Expiry.<Hop, Attempt>creating((hop, attempt) -> goodFor(attempt)))
            .executor(Runnable::run)
            .buildAsync();
  }

  /**
   * Returns half of a session's remaining life; a failure applies only to the requests that wait
   * for it.
   */
  private Duration goodFor(Attempt attempt) {
    return switch (attempt) {
      case Opened(var credentials, var at) -> {
        Duration left = Duration.between(clock.instant(), credentials.expiration());
        yield left.isPositive() ? left.dividedBy(2) : Duration.ZERO;
      }
      case Failed failed -> Duration.ZERO;
    };
  }

  /**
   * Returns the session from which a request's target role is assumed, and the tags that it lacks.
   */
  CompletableFuture<FirstHop> find(RoleSessions.Request request, Instant end) {
    if (request.ownTags().isEmpty() || wantAllTags.getIfPresent(HopKey.of(request)) != null) {
      return particular(request, end);
    }
    return shared(request, end)
        .exceptionallyCompose(
            failure ->
                StsError.of(failure).kind() == StsError.Kind.DENIED
                    ? particular(request, end).thenApply(hop -> found(request, hop))
                    : CompletableFuture.failedFuture(failure));
  }

  private FirstHop found(RoleSessions.Request request, FirstHop particular) {
    wantsAllTags(request);
    return particular;
  }

  /** Records that the role admits a session with all tags, but not one with the cluster's tags. */
  void wantsAllTags(RoleSessions.Request request) {
    wantAllTags.put(HopKey.of(request), true);
  }

  private CompletableFuture<FirstHop> shared(RoleSessions.Request request, Instant end) {
    String name = StsRequests.firstHopName(request.clusterTags());
    return session(
        new Hop(request.roleArn(), request.clusterTags(), name), request.ownTags(), true, end);
  }

  /** Returns a session that is shared only by requests with the same tags. */
  CompletableFuture<FirstHop> particular(RoleSessions.Request request, Instant end) {
    Map<String, String> tags = request.tags();
    String name = tags.isEmpty() ? StsRequests.firstHopName(tags) : request.sessionName();
    return session(new Hop(request.roleArn(), tags, name), Map.of(), false, end);
  }

  private CompletableFuture<FirstHop> session(
      Hop hop, Map<String, String> tagsLeft, boolean shared, Instant end) {
    CompletableFuture<Attempt> attempt = sessions.get(hop, (same, executor) -> open(hop, end));
    return attempt.thenCompose(
        done ->
            switch (done) {
              case Opened(var credentials, var at) ->
                  CompletableFuture.completedFuture(
                      new FirstHop(
                          credentials,
                          tagsLeft,
                          shared,
                          at.plus(YOUNG).isBefore(clock.instant()),
                          () -> sessions.asMap().remove(hop, attempt)));
              case Failed(var cause) -> CompletableFuture.failedFuture(cause);
            });
  }

  private CompletableFuture<Attempt> open(Hop hop, Instant end) {
    String caller = calls.callerFor(hop.roleArn());
    calls.charge(caller);
    return calls
        .assumeAs(
            caller,
            (own, left) ->
                StsRequests.firstHop(hop.roleArn(), hop.tags(), hop.sessionName(), own, left),
            end)
        .handle(
            (response, failure) ->
                response == null
                    ? new Failed(failure)
                    : new Opened(response.credentials(), clock.instant()));
  }

  /** The target role denied the session. It is forgotten, so that the next attempt differs. */
  void refused(RoleSessions.Request request, FirstHop hop) {
    if (hop.old()) {
      hop.forget().run();
    }
    if (!hop.shared()) {
      wantAllTags.invalidate(HopKey.of(request));
    }
  }

  /**
   * The result of a request to STS. A refusal is a value too, because Caffeine logs failed futures
   * with their stack trace, on the completing thread.
   */
  private sealed interface Attempt {}

  private record Failed(Throwable cause) implements Attempt {}

  private record Opened(Credentials credentials, Instant at) implements Attempt {
    Opened {
      Check.present(credentials, "credentials");
    }

    @Override
    public String toString() {
      return "Opened[accessKeyId=" + credentials.accessKeyId() + "]";
    }
  }

  /**
   * A first hop.
   *
   * @param session its credentials
   * @param tags that the second hop must add
   * @param shared whether it carries only the cluster's tags
   * @param old whether it may have been denied everything since it was opened
   * @param forget removes it when STS no longer accepts it
   */
  record FirstHop(
      Credentials session, Map<String, String> tags, boolean shared, boolean old, Runnable forget) {
    @Override
    public String toString() {
      return "FirstHop[accessKeyId=" + session.accessKeyId() + "]";
    }
  }
}
