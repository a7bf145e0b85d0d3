package io.claviger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.claviger.localmesh.MeshException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WrkTest {

  private static final String SAID =
      """
      Running 5s test @ http://127.0.0.1:1/v1/credentials
        1 threads and 64 connections
        Latency Distribution
           50%  640.00us
           99%    1.91ms
        460000 requests in 5.00s, 600.00MB read
      Requests/sec:  91853.22
      Transfer/sec:    120.00MB
      """;

  @Test
  void readsRateAndLatency() {
    Wrk.Run run = Wrk.read(SAID);

    assertThat(run.requestsPerSecond()).isEqualTo(91853.22);
    assertThat(run.p99Millis()).isEqualTo(1.91);
    assertThat(run.failures()).isEmpty();
  }

  @Test
  void readsMicroseconds() {
    assertThat(Wrk.read(SAID.replace("1.91ms", "910.00us")).p99Millis())
        .isEqualTo(0.91, within(1e-9));
  }

  @Test
  void namesWhatWentWrong() {
    Wrk.Run run = Wrk.read(SAID + "  Non-2xx or 3xx responses: 7\n");

    assertThat(run.failures()).isEqualTo(List.of("Non-2xx or 3xx responses: 7"));
  }

  @Test
  void refusesWhatWrkDoesNotSay() {
    assertThatThrownBy(() -> Wrk.read("unable to connect"))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("unable to connect");
  }
}
