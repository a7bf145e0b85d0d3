package io.claviger.broker.app;

import com.github.benmanes.caffeine.cache.Ticker;
import io.claviger.broker.adapter.oidc.KeyRefresh;
import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.identity.AuditedTokenVerifier;
import io.claviger.broker.identity.EdgeLogins;
import io.claviger.broker.identity.IssuerKeys;
import io.claviger.broker.identity.Issuers;
import io.claviger.broker.identity.PodTokenVerifier;
import io.claviger.broker.telemetry.IngressMeters;
import io.claviger.config.lifecycle.Readiness;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Wires the verification of tokens at one broker: the issuers' keys and the API servers. */
final class BrokerIdentities {

  private static final InstantSource CLOCK = InstantSource.system();
  private static final int REMEMBERED_TOKENS = 200_000;

  private final Vertx vertx;
  private final Map<IssuerKeys, Duration> keys;
  private final Issuers issuers;
  private final ApiServers apiServers;
  private final AuditedTokenVerifier tokens;

  BrokerIdentities(
      Vertx vertx,
      BrokerSettings settings,
      RegisteredClusters clusters,
      ApiServers apiServers,
      AuditLog audit) {
    this.vertx = vertx;
    this.apiServers = apiServers;
    keys = clusters.issuers(vertx);
    issuers = new Issuers(keys.keySet());
    tokens =
        new AuditedTokenVerifier(
            new PodTokenVerifier(
                issuers, apiServers.checks(), REMEMBERED_TOKENS, CLOCK, Ticker.systemTicker()),
            audit,
            settings.name(),
            CLOCK,
            Ticker.systemTicker());
  }

  /** Delays readiness until every issuer's keys have been fetched once. */
  void require(Readiness readiness) {
    readiness.require(
        "issuer keys", () -> issuers.all().stream().allMatch(each -> each.current().isPresent()));
  }

  /** Starts to fetch keys, and repeats it until the process ends. */
  Future<?> refreshKeys(IngressMeters meters) {
    return vertx.deployVerticle(new KeyRefresh(keys, meters, new SecureRandom()));
  }

  Issuers issuers() {
    return issuers;
  }

  ApiServers apiServers() {
    return apiServers;
  }

  /** Returns the verifier of pods' tokens. Its type guarantees that rejections are recorded. */
  AuditedTokenVerifier tokens() {
    return tokens;
  }

  /** Returns the verifier of edges' own tokens. */
  EdgeLogins edgeLogins() {
    return new EdgeLogins(issuers, apiServers.edgeChecks(), CLOCK);
  }
}
