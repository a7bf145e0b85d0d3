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
 * Answers of one cluster's API server, remembered for as long as they say. Each is asked for once
 * at a time, and so many a second at most, in all and for one source. Thread-safe.
 *
 * @param <K> what is asked about
 * @param <A> an answer
 */
final class RateLimitedCache<K, A> {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * One source may send half of a second's requests at once: of 500 that is as many as a node has
   * pods, and an edge that starts asks about all of them.
   */
  private static final int PART_AT_ONCE = 2;

  /** One source may then ask a twentieth of them each second, so one alone never has all. */
  private static final int PART_A_SECOND = 20;

  /** After which a source's share is whole again, and need not be remembered. */
  private static final Duration WHOLE = Duration.ofMinutes(1);

  /** Requests go on at the usual rate meanwhile: the first that is answered ends it. */
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

  /** The last answer, where it was that the cluster is away. */
  private volatile @Nullable Answer<A> lastAway;

  /**
   * Has no answer yet.
   *
   * @param maximum answers remembered
   * @param perSecond requests sent, after as many at once; for one source half of them at once and
   *     a twentieth a second
   * @param remembered for how long an answer is; zero: not at all
   * @param failed the answer in place of a request that failed
   * @param isAway whether an answer is that the cluster is away: for a moment it stands for all
   *     that are one too many
   * @param tooMany the answer in place of a request that is one too many
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
   * What is remembered, or what asking comes to; never fails.
   *
   * @param source who is charged with the request: a node, mostly
   * @param oldest an older answer is asked for again
   */
  CompletableFuture<Answer<A>> ask(
      K about, String source, Duration oldest, Supplier<CompletionStage<A>> port) {
    CompletableFuture<Answer<A>> known = answers.getIfPresent(about);
    if (known == null || !tooOld(known, oldest)) {
      return answers.get(about, (key, executor) -> mayAsk(source) ? asked(port) : notAsked());
    }
    if (!mayAsk(source)) {
      // What is known is kept for who does not need to know better.
      return notAsked();
    }
    // Only this one: who has asked again meanwhile is joined.
    answers.asMap().remove(about, known);
    return answers.get(about, (key, executor) -> asked(port));
  }

  /** A cluster that was away a moment ago is away, however much is asked. */
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
    // What is still being asked for is as new as can be.
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
   * An answer.
   *
   * @param at when it came, by the ticker
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
