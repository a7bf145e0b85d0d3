package io.claviger.broker.identity;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cached responses of one cluster's API server, each for as long as it specifies. One request runs
 * at a time for a key. The request rate is limited, in total and for each source. Thread-safe.
 *
 * @param <K> the subject of a request
 * @param <A> a response
 */
final class RateLimitedCache<K, A> {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * One source may send half of a second's requests at once. With 500 that is a node's number of
   * pods, and a starting edge requests all of them.
   */
  private static final int PART_AT_ONCE = 2;

  /** After that, one source may send a twentieth of them each second, so it never takes all. */
  private static final int PART_A_SECOND = 20;

  /** After this time a source's share is full again and need not be cached. */
  private static final Duration WHOLE = Duration.ofMinutes(1);

  /** Requests continue at the usual rate meanwhile; the first response ends this state. */
  private static final Duration AWAY = Duration.ofSeconds(5);

  private static final int MAX_SOURCES = 20_000;

  private final AsyncCache<K, Answer<A>> answers;
  private final Function<Throwable, A> failed;
  private final Predicate<A> isAway;
  private final Supplier<A> tooMany;
  private final int perSecond;
  private final Bucket turns;
  private final Cache<String, Bucket> shares;
  private final Ticker ticker;

  /** The last response, if it was that the cluster cannot be reached. */
  private volatile @Nullable Answer<A> lastAway;

  /**
   * Starts empty.
   *
   * @param maximum the maximum number of cached responses
   * @param perSecond requests a second, with a burst of the same size; for one source a burst of
   *     half and a rate of a twentieth
   * @param remembered how long a response is cached; zero: not at all
   * @param failed the response for a failed request
   * @param isAway whether a response means that the cluster cannot be reached. It is then reused
   *     for a moment for requests over the limit
   * @param tooMany the response for a request over the limit
   */
  RateLimitedCache(
      int maximum,
      int perSecond,
      Function<A, Duration> remembered,
      Function<Throwable, A> failed,
      Predicate<A> isAway,
      Supplier<A> tooMany,
      Ticker ticker) {
    this.failed = failed;
    this.isAway = isAway;
    this.tooMany = tooMany;
    this.ticker = ticker;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(maximum)
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfter(
                Expiry.<K, Answer<A>>creating((key, answer) -> remembered.apply(answer.what())))
            .buildAsync();
    this.perSecond = perSecond;
    this.turns = bucket(perSecond, perSecond);
    this.shares =
        Caffeine.newBuilder()
            .maximumSize(MAX_SOURCES)
            .expireAfterAccess(WHOLE)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  private Bucket bucket(int atOnce, int aSecond) {
    return Bucket.builder()
        .addLimit(
            limit -> limit.capacity(Math.max(1, atOnce)).refillGreedy(Math.max(1, aSecond), SECOND))
        .withCustomTimePrecision(new Monotonic(ticker))
        .build();
  }

  private boolean mayAsk(String source) {
    Bucket share =
        shares.get(source, unused -> bucket(perSecond / PART_AT_ONCE, perSecond / PART_A_SECOND));
    return share.tryConsume(1) && turns.tryConsume(1);
  }

  /**
   * Returns the cached response, or sends a request; never fails.
   *
   * @param source the source that is charged with the request, usually a node
   * @param oldest the maximum age of a cached response
   */
  CompletableFuture<Answer<A>> ask(
      K about, String source, Duration oldest, Supplier<CompletionStage<A>> port) {
    CompletableFuture<Answer<A>> known = answers.getIfPresent(about);
    if (known == null || !tooOld(known, oldest)) {
      return answers.get(about, (key, executor) -> mayAsk(source) ? asked(port) : notAsked());
    }
    if (!mayAsk(source)) {
      // The cached response stays for requests that accept its age.
      return notAsked();
    }
    // Removes only this response. If another request has replaced it meanwhile, this one joins it.
    answers.asMap().remove(about, known);
    return answers.get(about, (key, executor) -> asked(port));
  }

  /**
   * If the cluster could not be reached a moment ago, requests over the limit get the same
   * response.
   */
  private CompletableFuture<Answer<A>> notAsked() {
    Answer<A> last = lastAway;
    boolean away = last != null && ticker.read() - last.at() < AWAY.toNanos();
    return CompletableFuture.completedFuture(away ? last : answered(tooMany.get()));
  }

  private Answer<A> said(A what) {
    Answer<A> answer = answered(what);
    lastAway = isAway.test(what) ? answer : null;
    return answer;
  }

  private boolean tooOld(CompletableFuture<Answer<A>> known, Duration oldest) {
    // A response that is still pending is new enough.
    return known.isDone() && ticker.read() - known.join().at() > oldest.toNanos();
  }

  private CompletableFuture<Answer<A>> asked(Supplier<CompletionStage<A>> port) {
    try {
      return port.get().exceptionally(failed).thenApply(this::said).toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(said(failed.apply(e)));
    }
  }

  private Answer<A> answered(A what) {
    return new Answer<>(what, ticker.read());
  }

  /**
   * A response.
   *
   * @param at when it arrived, by the ticker
   */
  record Answer<A>(A what, long at) {}

  private record Monotonic(Ticker ticker) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return ticker.read();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
