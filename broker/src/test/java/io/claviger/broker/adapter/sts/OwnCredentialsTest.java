package io.claviger.broker.adapter.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

@Timeout(20)
final class OwnCredentialsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private final AtomicInteger asked = new AtomicInteger();
  private Instant now = NOW;
  private @Nullable Instant end;
  private final OwnCredentials own = new OwnCredentials(() -> this::give, () -> now);

  private AwsCredentials give() {
    return AwsSessionCredentials.builder()
        .accessKeyId("AKIA" + asked.incrementAndGet())
        .secretAccessKey("secret")
        .sessionToken("token")
        .expirationTime(end)
        .build();
  }

  @AfterEach
  void close() {
    own.close();
  }

  private String given() {
    return own.resolve().join().accessKeyId();
  }

  @Test
  void askTheProviderOnceASecond() {
    assertThat(given()).isEqualTo("AKIA1");
    now = NOW.plusMillis(999);
    assertThat(own.resolve()).isDone();
    assertThat(given()).isEqualTo("AKIA1");

    now = NOW.plusSeconds(1);
    assertThat(given()).isEqualTo("AKIA2");
  }

  @Test
  void askAgainWhereTheClockWasSetBack() {
    given();
    now = NOW.minusSeconds(1);

    assertThat(given()).isEqualTo("AKIA2");
  }

  @Test
  void askForWhatEndsSoonEachTime() {
    end = NOW.plusSeconds(60);

    assertThat(given()).isEqualTo("AKIA1");
    assertThat(given()).isEqualTo("AKIA2");
  }

  @Test
  void forgetWhatStsDidNotTakeAlsoWhereTheProviderStays() {
    given();
    own.renew().join();
    assertThat(given()).isEqualTo("AKIA2");
    own.renew().join();

    assertThat(given()).isEqualTo("AKIA3");
  }
}
