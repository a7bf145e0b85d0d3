package io.claviger.edge.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PublishedKeys;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A token and the key set of a real API server (Kubernetes 1.34). */
final class RealTokenTest {

  private static final Instant ISSUED = Instant.ofEpochSecond(1_795_545_046);

  private final TestClock clock = new TestClock(ISSUED.plusSeconds(3_600));
  private final ClusterKeys keys = new ClusterKeys(clock);
  private final TokenMemory memory = new TokenMemory(10, Duration.ofMinutes(15), clock, clock);

  @Test
  void isVerifiedOnItsNode() {
    WorkloadTokens tokens = new WorkloadTokens("node1", keys, memory, clock);
    tokens.accept(published());

    TokenCheck check = tokens.check(vector("sample-token.jwt"));

    assertThat(check)
        .isInstanceOfSatisfying(
            TokenCheck.Verified.class,
            verified ->
                assertThat(verified.token().workload())
                    .isEqualTo(
                        new WorkloadIdentity(
                            "c1",
                            "app1",
                            "web",
                            "web-0",
                            "42635b4c-1ab3-4889-b5c2-492743372aef",
                            "node1")));
  }

  @Test
  void isRejectedOnAnotherNode() {
    WorkloadTokens tokens = new WorkloadTokens("node2", keys, memory, clock);
    tokens.accept(published());

    assertThat(tokens.check(vector("sample-token.jwt"))).isInstanceOf(TokenCheck.Rejected.class);
  }

  private static PublishedKeys published() {
    return new PublishedKeys(
        BusProtocol.VERSION,
        "c1",
        "https://kubernetes.default.svc",
        "pods.eks.amazonaws.com",
        vector("jwks.json"),
        ISSUED);
  }

  private static String vector(String name) {
    try (InputStream file = RealTokenTest.class.getResourceAsStream("/vectors/" + name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
