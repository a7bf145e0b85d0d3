package io.claviger.broker.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.identity.IssuerKeys.Search;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {

  private static final TokenMint OLD = new TokenMint("old");
  private static final TokenMint NEW = new TokenMint("new");

  private final TestClock clock = new TestClock(Instant.parse("2026-05-01T10:00:00Z"));
  private final Deque<CompletableFuture<String>> fetches = new ArrayDeque<>();
  private final IssuerKeys keys =
      new IssuerKeys(TestClusters.named("one"), this::fetch, clock, clock);

  private CompletionStage<String> fetch() {
    CompletableFuture<String> fetch = new CompletableFuture<>();
    fetches.add(fetch);
    return fetch;
  }

  private void fetched(String jwks) {
    keys.refresh();
    fetches.removeLast().complete(jwks);
  }

  private static <T> T now(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    assertThat(future).isDone();
    return future.join();
  }

  @Test
  void holdsNothingBeforeTheFirstFetch() {
    assertThat(keys.current()).isEmpty();
    assertThat(keys.age()).isEmpty();
  }

  @Test
  void fetchesOnceForAllWhoMissAKeyMeanwhile() {
    fetched(OLD.jwks());

    List<CompletionStage<Search>> searches = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      searches.add(keys.search("new"));
    }

    assertThat(fetches).hasSize(1);
    fetches.remove().complete(OLD.jwksWith(NEW));
    assertThat(searches).allSatisfy(search -> assertThat(now(search)).isEqualTo(Search.KNOWN));
  }

  @Test
  void doesNotFetchForAKeyThatItHolds() {
    fetched(OLD.jwks());

    assertThat(now(keys.search("old"))).isEqualTo(Search.KNOWN);
    assertThat(fetches).isEmpty();
  }

  @Test
  void fetchesForUnknownKeysAtMostEveryTenSeconds() {
    fetched(OLD.jwks());
    keys.search("forged-1");
    fetches.remove().complete(OLD.jwks());

    assertThat(now(keys.search("forged-2"))).isEqualTo(Search.UNCERTAIN);
    clock.advance(Duration.ofMillis(9_999));
    assertThat(now(keys.search("forged-3"))).isEqualTo(Search.UNCERTAIN);
    assertThat(fetches).isEmpty();

    clock.advance(Duration.ofMillis(1));
    CompletionStage<Search> search = keys.search("new");
    fetches.remove().complete(OLD.jwksWith(NEW));
    assertThat(now(search)).isEqualTo(Search.KNOWN);
  }

  @Test
  void saysThatAKeyIsAbsentWhileThePauseLastsOnlyWhenItLookedForThatKey() {
    CompletionStage<Search> search = keys.search("forged");
    fetches.remove().complete(OLD.jwks());
    assertThat(now(search)).isEqualTo(Search.ABSENT);

    assertThat(now(keys.search("forged"))).isEqualTo(Search.ABSENT);
    assertThat(now(keys.search("other"))).isEqualTo(Search.UNCERTAIN);
  }

  @Test
  void looksAgainAfterThePauseForAKeyThatWasAbsent() {
    keys.search("new");
    fetches.remove().complete(OLD.jwks());

    clock.advance(IssuerKeys.PAUSE_BETWEEN_SEARCHES);
    CompletionStage<Search> search = keys.search("new");
    fetches.remove().complete(OLD.jwksWith(NEW));

    assertThat(now(search)).isEqualTo(Search.KNOWN);
  }

  @Test
  void doesNotCountARegularRefreshAsASearch() {
    fetched(OLD.jwks());

    CompletionStage<Search> search = keys.search("new");

    fetches.remove().complete(OLD.jwksWith(NEW));
    assertThat(now(search)).isEqualTo(Search.KNOWN);
  }

  @Test
  void isUncertainWhenTheSourceFails() {
    fetched(OLD.jwks());

    CompletionStage<Search> search = keys.search("new");
    fetches.remove().completeExceptionally(new IllegalStateException("down"));

    assertThat(now(search)).isEqualTo(Search.UNCERTAIN);
  }

  @Test
  void keepsTheLastGoodSetHoweverOftenFetchingFails() {
    fetched(OLD.jwks());

    for (int day = 0; day < 30; day++) {
      clock.advance(Duration.ofDays(1));
      CompletionStage<KeyFetch> refresh = keys.refresh();
      CompletableFuture<String> fetch = fetches.remove();
      if (day % 2 == 0) {
        fetch.completeExceptionally(new IllegalStateException("down"));
      } else {
        fetch.complete("<html>maintenance</html>");
      }
      assertThat(now(refresh)).isInstanceOf(KeyFetch.Failed.class);
    }

    assertThat(keys.keys().keyIds()).containsExactly("old");
    assertThat(keys.age()).contains(Duration.ofDays(30));
  }

  @Test
  void countsTheAgeFromTheLastFetchEvenIfNothingChanged() {
    fetched(OLD.jwks());
    clock.advance(Duration.ofMinutes(10));
    fetched(OLD.jwks());
    clock.advance(Duration.ofSeconds(3));

    assertThat(keys.age()).contains(Duration.ofSeconds(3));
  }

  @Test
  void goesOnAfterASourceThatThrows() {
    Deque<String> answers = new ArrayDeque<>(List.of(OLD.jwks()));
    boolean[] broken = {true};
    IssuerKeys fragile =
        new IssuerKeys(
            TestClusters.named("one"),
            () -> {
              if (broken[0]) {
                throw new IllegalStateException("bug");
              }
              return CompletableFuture.completedStage(answers.remove());
            },
            clock,
            clock);

    assertThat(now(fragile.refresh())).isEqualTo(new KeyFetch.Failed("bug"));
    broken[0] = false;
    assertThat(now(fragile.refresh())).isInstanceOf(KeyFetch.Changed.class);
  }

  @Test
  void tellsListenersWhatBecameOfEachFetchInOrder() {
    List<String> heard = new ArrayList<>();
    keys.listen((issuer, outcome) -> heard.add(outcome.getClass().getSimpleName()));

    fetched(OLD.jwks());
    fetched(OLD.jwks());
    fetched("nonsense");
    fetched(OLD.jwksWith(NEW));

    assertThat(heard).containsExactly("Changed", "Unchanged", "Failed", "Changed");
  }
}
