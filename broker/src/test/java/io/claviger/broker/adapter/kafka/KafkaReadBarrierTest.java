package io.claviger.broker.adapter.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.association.ReadBarrier;
import io.claviger.broker.association.ReadBarrier.Reach;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everything runs on the barrier's own context, with a clock that only tests move. */
final class KafkaReadBarrierTest {

  private final Vertx vertx = Vertx.vertx();
  private final io.vertx.core.Context context = vertx.getOrCreateContext();
  private final List<Promise<long[]>> requests = new ArrayList<>();
  private long nanos;
  private final KafkaReadBarrier barrier =
      new KafkaReadBarrier(
          2,
          vertx,
          () -> nanos,
          () -> {
            Promise<long[]> request = Promise.promise();
            requests.add(request);
            return request.future();
          });

  @AfterEach
  void closeVertx() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private <T> T on(Callable<T> work) {
    return Future.<T>future(
            promise ->
                context.runOnContext(
                    v -> {
                      try {
                        promise.complete(work.call());
                      } catch (Exception e) {
                        promise.fail(e);
                      }
                    }))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private Future<Reach> reach(int partition) {
    return on(() -> barrier.reach(partition, ReadBarrier.FOR_PODS));
  }

  private void answer(int request, long... ends) {
    on(() -> requests.get(request).tryComplete(ends));
  }

  private void position(int partition, long position) {
    on(
        () -> {
          barrier.position(partition, position);
          return true;
        });
  }

  private int asked() {
    return on(requests::size);
  }

  @Test
  void waitsUntilTheReadingHasReachedTheEndThatTheLogHadWhenItWasAsked() {
    position(0, 5);
    Future<Reach> reach = reach(0);
    answer(0, 7, 99);

    position(0, 6);
    assertThat(reach.isComplete()).isFalse();
    position(0, 7);

    assertThat(reach.result()).isEqualTo(Reach.REACHED);
  }

  @Test
  void isReachedAtOnceWhereNothingIsMissing() {
    position(1, 7);
    Future<Reach> reach = reach(1);

    answer(0, 99, 7);

    assertThat(reach.result()).isEqualTo(Reach.REACHED);
  }

  @Test
  void asksOnceForAllWhoComeBeforeTheRequestAndAgainForWhoComesDuringIt() {
    Future<Reach> first = reach(0);
    Future<Reach> during = reach(0);
    Future<Reach> too = reach(0);
    assertThat(asked()).isEqualTo(1);

    position(0, 3);
    answer(0, 3, 0);
    assertThat(first.result()).isEqualTo(Reach.REACHED);
    assertThat(during.isComplete()).isFalse();

    await().until(() -> asked() == 2);
    answer(1, 3, 0);
    assertThat(during.result()).isEqualTo(Reach.REACHED);
    assertThat(too.result()).isEqualTo(Reach.REACHED);
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void asksAtMostOnceInFiftyMilliseconds() {
    reach(0);
    answer(0, 0, 0);

    // The test clock has not moved: a timer of 50 real ms has to run first.
    long started = System.nanoTime();
    reach(0);
    assertThat(asked()).isEqualTo(1);
    await().pollInterval(Duration.ofMillis(2)).until(() -> asked() == 2);

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(45));
  }

  @Test
  void asksAtOnceWhenTheLastRequestIsLongAgo() {
    reach(0);
    answer(0, 0, 0);
    on(() -> nanos += Duration.ofMillis(50).toNanos());

    reach(0);

    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void isLateAfterTwoHundredMilliseconds() {
    long started = System.nanoTime();
    Future<Reach> unanswered = reach(0);
    await().pollInterval(Duration.ofMillis(2)).until(unanswered::isComplete);

    assertThat(unanswered.result()).isEqualTo(Reach.LATE);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(190));
  }

  @Test
  void waitsForOperatorsWhenItIsTooLateForPods() {
    Future<Reach> operator = on(() -> barrier.reach(0, ReadBarrier.FOR_OPERATORS));
    Future<Reach> pod = reach(0);
    await().until(pod::isComplete);
    assertThat(pod.result()).isEqualTo(Reach.LATE);
    assertThat(operator.isComplete()).isFalse();

    answer(0, 7, 0);
    position(0, 7);

    assertThat(operator.result()).isEqualTo(Reach.REACHED);
  }

  @Test
  void isLateAtOnceWhenTheLogDoesNotSayWhereItEnds() {
    Future<Reach> reach = reach(0);

    on(() -> requests.getFirst().tryFail("away"));

    assertThat(reach.result()).isEqualTo(Reach.LATE);
  }
}
