package io.claviger.broker.adapter.sts;

import static io.claviger.broker.adapter.sts.StsFixture.opened;
import static io.claviger.broker.adapter.sts.StsFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.broker.issuance.RoleSessions.Result;
import io.claviger.stsfake.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** The credentials for STS calls: rejected, of a role, or slow to arrive. */
class OwnCredentialsIT {

  @Test
  void readsItsOwnCredentialsAnewOnceForAllWhoFindThemRefused() throws Exception {
    try (StsFixture own = new StsFixture()) {
      opened(own.roleSessions.open(request()).toCompletableFuture().get());
      String old = own.own.accessKeyId();
      own.own = own.sts.register(Principal.user(StsFixture.USER));
      own.sts.deregister(old);

      List<Result> results =
          IntStream.range(0, 20)
              .mapToObj(number -> own.roleSessions.open(request()))
              .toList()
              .stream()
              .map(opening -> opening.toCompletableFuture().join())
              .toList();

      assertThat(results).hasOnlyElementsOfType(Result.Opened.class);
      assertThat(own.providers).hasValue(2);
    }
  }

  @Test
  void opensSessionsAsARoleOfItsOwnToo() throws Exception {
    try (StsFixture own = new StsFixture()) {
      own.sts.deregister(own.own.accessKeyId());
      own.own =
          own.sts.issue(
              "arn:aws:iam::111122223333:role/broker", "broker-1", Duration.ofMinutes(15));

      opened(own.roleSessions.open(request()).toCompletableFuture().get());

      assertThat(own.sts.ledger().assumedRoles().getLast().caller())
          .isEqualTo("arn:aws:sts::111122223333:assumed-role/broker/broker-1");
    }
  }

  @Test
  void doesNotKeepItsCallerWaitingForItsOwnCredentials() throws Exception {
    CountDownLatch metadata = new CountDownLatch(1);
    try (StsFixture slow =
        new StsFixture(Duration.ofSeconds(3), Duration.ofSeconds(3), blocked(metadata))) {
      long before = System.nanoTime();
      CompletableFuture<Result> waits = slow.roleSessions.open(request()).toCompletableFuture();
      Duration kept = Duration.ofNanos(System.nanoTime() - before);

      assertThat(kept).isLessThan(Duration.ofSeconds(2));
      assertThat(waits).isNotDone();
      assertThat(waits.get(6, TimeUnit.SECONDS)).isInstanceOf(Result.Retryable.class);
      metadata.countDown();
      opened(slow.roleSessions.open(request()).toCompletableFuture().get(6, TimeUnit.SECONDS));
    }
  }

  private static UnaryOperator<AwsCredentialsProvider> blocked(CountDownLatch latch) {
    return provider ->
        () -> {
          try {
            latch.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return provider.resolveCredentials();
        };
  }
}
