package io.claviger.broker.app;

import io.claviger.broker.adapter.sts.StsConnection;
import io.claviger.broker.adapter.sts.StsRoleSessions;
import io.claviger.broker.issuance.Quotas;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Answers AssumeRole on loopback with credentials that are valid nowhere. The warm-up thus runs the
 * whole AWS SDK: request, endpoint rules, signature, connection, response. It uses neither the
 * broker's own identity nor a quota.
 */
final class StubSts {

  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration TIMEOUT = Duration.ofSeconds(6);
  private static final Duration LIFE = Duration.ofHours(1);
  private static final int CONCURRENCY = 16;

  /** As long as real session tokens with tags. */
  private static final String SESSION_TOKEN = "WARM/UP+".repeat(150);

  private static final String ANSWER =
      """
      <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleResult>
          <AssumedRoleUser>
            <AssumedRoleId>WARMUP:warm-up</AssumedRoleId>
            <Arn>arn:aws:sts::000000000000:assumed-role/warm-up/warm-up</Arn>
          </AssumedRoleUser>
          <Credentials>
            <AccessKeyId>WARMUP%014d</AccessKeyId>
            <SecretAccessKey>warm-upwarm-upwarm-upwarm-upwarm-upwarm-up</SecretAccessKey>
            <SessionToken>%s</SessionToken>
            <Expiration>%s</Expiration>
          </Credentials>
          <PackedPolicySize>8</PackedPolicySize>
        </AssumeRoleResult>
        <ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>
      </AssumeRoleResponse>
      """;

  private final InstantSource clock;
  private final HttpServer server;
  private final AtomicLong sessions = new AtomicLong();

  private StubSts(Vertx vertx, InstantSource clock) {
    this.clock = clock;
    this.server = vertx.createHttpServer().requestHandler(this::answer);
  }

  static Future<StubSts> listen(Vertx vertx, InstantSource clock) {
    StubSts sts = new StubSts(vertx, clock);
    return sts.server.listen(0, LOOPBACK).map(sts);
  }

  private void answer(HttpServerRequest request) {
    Instant end = clock.instant().plus(LIFE);
    request
        .body()
        .onSuccess(
            form ->
                request
                    .response()
                    .putHeader("Content-Type", "text/xml")
                    .end(ANSWER.formatted(sessions.incrementAndGet(), SESSION_TOKEN, end)));
  }

  /** Returns a client that calls only this stub. */
  StsRoleSessions sessions(Quotas quotas, MeterRegistry meters) {
    return new StsRoleSessions(
        new StsConnection(
            new StsConnection.Endpoint(
                "us-east-1",
                Optional.of(URI.create("http://" + LOOPBACK + ":" + server.actualPort()))),
            Optional.empty(),
            TIMEOUT,
            TIMEOUT,
            CONCURRENCY),
        Map.of(
            Quotas.USUAL,
            () -> StaticCredentialsProvider.create(AwsBasicCredentials.create("warm-up", "none"))),
        quotas,
        clock,
        meters);
  }

  Future<Void> close() {
    return server.close();
  }
}
