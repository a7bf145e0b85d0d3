package io.claviger.bench.micro;

import io.claviger.config.trust.ServiceAccountTokenVerifier;
import io.claviger.config.trust.TokenHash;
import io.claviger.config.trust.TokenKeys;
import io.claviger.config.trust.TokenVerification;
import io.claviger.config.trust.WarmUpTokens;
import io.claviger.edge.workload.ClusterKeys;
import io.claviger.edge.workload.TokenCheck;
import io.claviger.edge.workload.TokenMemory;
import io.claviger.edge.workload.WorkloadTokens;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.PublishedKeys;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A pod's token: found in an edge's cache, and verified with a known key. */
@State(Scope.Benchmark)
public class TokenBenchmark {

  private static final int REMEMBERED = 10_000;

  private final String rs256 = WarmUpTokens.rs256();
  private final String es256 = WarmUpTokens.es256();
  private final TokenKeys keys = TokenKeys.parse(WarmUpTokens.keys());
  private final ServiceAccountTokenVerifier verifier =
      new ServiceAccountTokenVerifier(
          WarmUpTokens.CLUSTER, WarmUpTokens.ISSUER, WarmUpTokens.AUDIENCE, () -> keys);
  private final WorkloadTokens tokens = knowing(rs256);

  /** The first step of a request that is answered from memory. */
  @Benchmark
  public TokenCheck.@Nullable Verified findRemembered() {
    return tokens.remembered(rs256);
  }

  /** The part of it whose time grows with the token. */
  @Benchmark
  public TokenHash hash() {
    return TokenHash.of(rs256);
  }

  @Benchmark
  public TokenVerification verifyRs256() {
    return verifier.verify(rs256, Samples.NOW);
  }

  @Benchmark
  public TokenVerification verifyEs256() {
    return verifier.verify(es256, Samples.NOW);
  }

  private static WorkloadTokens knowing(String token) {
    InstantSource clock = () -> Samples.NOW;
    ClusterKeys clusterKeys = new ClusterKeys(clock);
    WorkloadTokens tokens =
        new WorkloadTokens(
            WarmUpTokens.NODE,
            clusterKeys,
            new TokenMemory(REMEMBERED, Duration.ofHours(24), clock, System::nanoTime),
            clock);
    tokens.accept(
        new PublishedKeys(
            BusProtocol.VERSION,
            WarmUpTokens.CLUSTER,
            WarmUpTokens.ISSUER,
            WarmUpTokens.AUDIENCE,
            WarmUpTokens.keys(),
            WarmUpTokens.ISSUED));
    if (!(tokens.check(token) instanceof TokenCheck.Verified)) {
      throw new IllegalStateException("the sample token is invalid");
    }
    return tokens;
  }
}
