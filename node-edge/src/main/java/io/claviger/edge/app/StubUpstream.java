package io.claviger.edge.app;

import io.claviger.config.bridge.Bodies;
import io.claviger.config.bridge.BridgeFrames;
import io.claviger.config.bridge.LoopbackTls;
import io.claviger.config.trust.WarmUpTokens;
import io.claviger.edge.credential.Upstream;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.TagScope;
import io.claviger.schemas.bus.BusProtocol;
import io.claviger.schemas.bus.CredentialReply;
import io.claviger.schemas.bus.CredentialRequest;
import io.claviger.schemas.bus.SessionCredentials;
import io.claviger.schemas.workload.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in for brokers in the edge's warm-up: answers by frames over TLS, with credentials that
 * are valid nowhere. It answers requests with {@link WarmUpTokens} only.
 */
final class StubUpstream implements Upstream {

  /** As long as the session tokens that STS issues for sessions with tags. */
  private static final String SESSION_TOKEN = "WARM/UP+".repeat(150);

  private static final Duration LIFE = Duration.ofHours(1);

  private static final Map<String, WorkloadIdentity> PODS =
      Map.of(WarmUpTokens.rs256(), pod("rs256"), WarmUpTokens.es256(), pod("es256"));

  private final LoopbackTls tls;
  private final InstantSource clock;
  private final AtomicLong sessions = new AtomicLong();

  StubUpstream(LoopbackTls tls, InstantSource clock) {
    this.tls = tls;
    this.clock = clock;
  }

  private static WorkloadIdentity pod(String name) {
    return new WorkloadIdentity(
        WarmUpTokens.CLUSTER,
        "warm-up",
        name,
        name + "-0",
        "warm-up-" + name + "-0",
        WarmUpTokens.NODE);
  }

  @Override
  public CompletionStage<CredentialReply> ask(
      CredentialRequest request, Duration timeout, boolean otherFirst) {
    return tls.carry(
            BridgeFrames.encode(
                BridgeFrames.SEND, BusProtocol.CREDENTIALS, "reply.0", Bodies.of(request)))
        .map(body -> Bodies.of(reply(Bodies.read(body, CredentialRequest.class))))
        .compose(body -> tls.carry(BridgeFrames.encodeMessage("reply.0", body)))
        .map(body -> Bodies.read(body, CredentialReply.class))
        .toCompletionStage();
  }

  private CredentialReply reply(CredentialRequest request) {
    WorkloadIdentity pod = PODS.get(request.token());
    return pod == null
        ? new CredentialReply.Unavailable("the warm-up has no broker yet", 0)
        : new CredentialReply.Issued(
            pod,
            clock.instant().plus(LIFE),
            TagScope.SERVICE_ACCOUNT,
            "a-warm-up",
            1,
            new Position(1, 1),
            session());
  }

  private SessionCredentials session() {
    Instant now = clock.instant();
    return new SessionCredentials(
        "WARMUP%014d".formatted(sessions.incrementAndGet()),
        "warm-up".repeat(6),
        SESSION_TOKEN,
        "000000000000",
        "arn:aws:sts::000000000000:assumed-role/warm-up/warm-up",
        "WARMUP:warm-up",
        now,
        now.plus(LIFE));
  }
}
